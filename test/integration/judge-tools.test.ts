/** The tools of judges in real sandboxes. */
import { chmodSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { projectsOf } from '../../src/cli/judges.ts';
import { Tools } from '../../src/outbound/judges/tools.ts';
import type { Pool } from '../../src/sandbox/pool.ts';
import { runInProject } from '../../src/sandbox/run-in-project.ts';
import { runScript } from '../../src/sandbox/run-script.ts';
import { Workspaces } from '../../src/sandbox/workspace/workspaces.ts';
import { bytes } from '../protocol/samples.ts';
import { testPool } from '../support/pool.ts';

let pool: Pool;
let tools: Tools;
const never = new AbortController().signal;
const lines = Array.from({ length: 300 }, (_, at) => `line ${at + 1} p95 ${at * 7} ms`);
beforeAll(() => {
  pool = testPool();
  tools = new Tools(['ReadFile', 'GrepSearch', 'Bash', 'Python'], {
    ...{ tenant: 'judges', isolation: 'tenant', context: bytes('{"a":"context of 1 line"}') },
    transcript: bytes(`${lines.join('\n')}\n`),
    runScript: (script, signal) => runScript(pool, script, signal),
  });
});
afterAll(() => pool.drain());

const use = async (name: string, input: object) =>
  (await tools.use({ name, input: JSON.stringify(input) }, never)).result;

describe('a judge', () => {
  it('reads lines of the transcript with their numbers', async () => {
    const got = await use('ReadFile', { file: 'transcript', offset: 299, limit: 5 });
    expect(got).toBe('299:line 299 p95 2086 ms\n300:line 300 p95 2093 ms\n');
    expect((await use('ReadFile', { file: 'transcript' })).split('\n')).toHaveLength(201);
  });

  it('reads the context', async () => {
    expect(await use('ReadFile', { file: 'context' })).toBe('1:{"a":"context of 1 line"}\n');
  });

  it('finds lines with those around them', async () => {
    const input = { file: 'transcript', pattern: 'line (2|9) ', context: 1, limit: 1 };
    expect(await use('GrepSearch', input)).toBe(
      '1:line 1 p95 0 ms\n2:line 2 p95 7 ms\n3:line 3 p95 14 ms\n',
    );
    const none = { file: 'transcript', pattern: 'nothing' };
    expect(await use('GrepSearch', none)).toBe('No line matches.\n');
  });

  it.each([
    [{ file: '/etc/passwd' }, 'There is no such file.'],
    [{ file: '../job/transcript.txt' }, 'There is no such file.'],
    [{ file: 7 }, 'There is no such file.'],
    [{ file: 'transcript', pattern: '(' }, 'no regular expression'],
  ])('is told what is wrong with %j', async (input, told) => {
    expect(await use('GrepSearch', { pattern: 'x', ...input })).toContain(told);
  });

  it('gets at most 16 KiB, and is told of the rest', async () => {
    const got = await use('Bash', { script: 'yes | head -c 50000' });
    expect(got).toContain('[cut after 16384 bytes]');
    expect(got.length).toBeLessThan(17_000);
  });

  it('runs bash and python without a network, on the context', async () => {
    expect(await use('Bash', { script: 'wc -c; ls /job' })).toMatch(
      /^25\n(.*\n)*transcript\.txt\n$/,
    );
    const code = 'import socket\nsocket.create_connection(("1.1.1.1", 53), 1)';
    expect(await use('Python', { code })).toContain('[exit code 1]');
  });
});

describe('a judge in a project', () => {
  it('reads its files, and no others through a link or a path', async () => {
    const folder = mkdtempSync('/var/tmp/hookpool-judge-');
    chmodSync(folder, 0o755);
    writeFileSync(path.join(folder, 'a.txt'), 'one\ntwo\n', { mode: 0o644 });
    symlinkSync('/etc/passwd', path.join(folder, 'link'));
    const workspaces = new Workspaces([folder]);
    const other = testPool({ workspaces });
    try {
      const found = await projectsOf(workspaces)?.(folder);
      const cwd = found !== undefined && 'cwd' in found ? found.cwd : expect.unreachable();
      const inProject = new Tools(['ReadFile', 'Bash'], {
        ...{ tenant: 'judges', isolation: 'tenant', context: bytes('{}'), transcript: undefined },
        ...{ cwd, runScript: (script, signal) => runInProject(other, script, signal, workspaces) },
      });
      const read = async (name: string, input: object) =>
        (await inProject.use({ name, input: JSON.stringify(input) }, never)).result;
      expect(await read('ReadFile', { file: 'a.txt' })).toBe('1:one\n2:two\n');
      for (const file of ['link', '../../etc/passwd', '/etc/passwd'])
        expect(await read('ReadFile', { file })).toContain('There is no such file.');
      expect(await read('Bash', { script: 'cat a.txt; touch a.txt' })).toMatch(
        /^one\ntwo\n\n\[exit/,
      );
    } finally {
      await other.drain();
      rmSync(folder, { recursive: true });
    }
  });
});
