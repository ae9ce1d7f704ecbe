/** The transcript that deploy/bridge/hookpool-hook.sh sends, with real files. */
import { spawnSync } from 'node:child_process';
import { chmodSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { agentSystems } from '../../src/agents/registry.ts';
import { run } from '../support/bridges.ts';
import { standIn } from '../support/stand-in-server.ts';
import { useTranscriptHome, useTranscriptServer } from '../support/transcript-home.ts';

const script = path.join(import.meta.dirname, '../../deploy/bridge/hookpool-hook.sh');
const hasCurl = spawnSync('curl', ['--version']).status === 0;
const home = useTranscriptHome();

const server = useTranscriptServer();

/** @returns what the server got behind the context; undefined: nothing. */
async function sent(context: string, dialect = 'claude-code', env: NodeJS.ProcessEnv = {}) {
  const mine = { HOME: home.path, HOOKPOOL_SERVER: server.url, ...env };
  const answer = await run(`${script} ${dialect} guard`, context, mine);
  expect(answer).toMatchObject({ code: 0, stdout: 'said' });
  const last = server.asked.findLast(({ body }) => body.startsWith(context));
  const length = last?.headers['hookpool-transcript'];
  expect(last).toBeDefined();
  const behind = last?.body.slice(context.length) ?? '';
  expect(String(length ?? '')).toBe(length === undefined ? '' : String(Buffer.byteLength(behind)));
  const notes = answer.stderr.replace(/^logged\n/, '');
  return { behind: length === undefined ? undefined : behind, notes };
}

const naming = (named: string) => JSON.stringify({ x: 'é', transcript_path: named });

describe.skipIf(!hasCurl)('the shell bridge', () => {
  test('asks a server whose hooks read none once, and offers the transcript', async () => {
    const quick = await standIn((response) => void response.end('0\u001e\u001e\u001e'));
    const env = { HOME: home.path, HOOKPOOL_SERVER: quick.url };
    expect(await run(`${script} codex guard`, '{}', env)).toMatchObject({ code: 0, stderr: '' });
    const off = { ...env, HOOKPOOL_TRANSCRIPT_BYTES: '0' };
    expect(await run(`${script} codex guard`, '{}', off)).toMatchObject({ code: 0 });
    expect(quick.asked.map(({ headers }) => headers['hookpool-transcript'])).toEqual([
      'offered',
      undefined,
    ]);
    await quick.close();
  });

  test('sends the whole home.file, or its newest lines', async () => {
    writeFileSync(home.file, '{"a":"é"}\n{"b":2}\n');
    expect(await sent(naming(home.file))).toEqual({ behind: '{"a":"é"}\n{"b":2}\n', notes: '' });
    const most = (bytes: number) =>
      sent(naming(home.file), 'claude-code', { HOOKPOOL_TRANSCRIPT_BYTES: String(bytes) });
    expect(await most(8)).toEqual({ behind: '{"b":2}\n', notes: '' });
    expect(await most(9)).toEqual({ behind: '{"b":2}\n', notes: '' });
    expect(await most(7)).toEqual({
      behind: undefined,
      notes: 'hookpool-hook.sh: no transcript: its last line has more than 7 bytes\n',
    });
    writeFileSync(home.file, '');
    expect(await sent(naming(home.file))).toEqual({ behind: '', notes: '' });
  });

  test('sends no more than the limit of 50 MB', async () => {
    home.writeLarge();
    const { behind = '' } = await sent(naming(home.file));
    expect(behind.length).toBeGreaterThan((1 << 20) - 20);
    expect(behind.length).toBeLessThanOrEqual(1 << 20);
    expect(behind.slice(0, 11)).toBe('{"turn":1}\n');
  });

  test('sends no file of another folder, no link, no folder, no FIFO, nothing unreadable', async () => {
    const outside = home.outside();
    const [link, up] = [home.link('link', home.secret()), home.link('up', home.path)];
    spawnSync('mkfifo', [path.join(home.folder, 'fifo')]);
    writeFileSync(home.file, 'turn\n');
    chmodSync(home.file, 0);
    const refused = [
      ...outside,
      link,
      path.join(up, '.claude/credentials.json'),
      path.join(home.folder, 'fifo'),
      path.join(home.folder, 'gone'),
      home.folder,
      'session.jsonl',
      ...(process.geteuid?.() === 0 ? [] : [home.file]),
    ];
    const found = await Promise.all(refused.map((named) => sent(naming(named))));
    for (const { behind, notes } of found) {
      expect(behind).toBeUndefined();
      expect(notes).toMatch(/^hookpool-hook\.sh: no transcript: .*\n$/);
    }
  });

  test('sends that of a subagent in the place of that of the session around it', async () => {
    const context = home.writeSubagent();
    expect((await sent(JSON.stringify(context))).behind).toBe('subagent\n');
    const none = { ...context, agent_transcript_path: null };
    expect((await sent(JSON.stringify(none))).behind).toBe('session\n');
  });

  test('sends none where the path cannot be told from the text', async () => {
    writeFileSync(home.file, 'turn\n');
    const untold = [
      '{}',
      '{"transcript_path":null}',
      `{"transcript_path":"/x","tool_input":{"transcript_path":"${home.file}"}}`,
      `{"tool_input":"\\"transcript_path\\":\\"${home.file}\\""}`,
      `{"transcript_path":"${home.file.replaceAll('/', '\\/')}"}`,
    ];
    for (const { behind, notes } of await Promise.all(untold.map((context) => sent(context)))) {
      expect(behind).toBeUndefined();
      expect(notes).toContain('no path of a transcript can be read in the context');
    }
    const twice = `{"transcript_path" : "${home.file}","a":{"transcript_path" : "${home.file}"}}`;
    expect((await sent(twice)).behind).toBe('turn\n');
  });

  test('finds the folders of all agents that the registry has', async () => {
    const cases = agentSystems.flatMap((system) =>
      'transcripts' in system
        ? system.transcripts.flatMap((place) => {
            const dialect = system.dialects[0].name;
            const atHome = { dialect, below: place.inHome, env: {} };
            if (!('variable' in place)) return [atHome];
            const { name, below } = place.variable;
            const env = { [name]: path.join(home.path, 'else') };
            return [atHome, { dialect, below: path.join('else', below), env }];
          })
        : [],
    );
    expect(cases.length).toBeGreaterThan(8);
    const found = cases.map(async ({ dialect, below, env }) => {
      const named = home.write(below, `${dialect} ${below}\n`);
      return (await sent(naming(named), dialect, env)).behind;
    });
    expect(await Promise.all(found)).toEqual(
      cases.map(({ dialect, below }) => `${dialect} ${below}\n`),
    );
  });
});
