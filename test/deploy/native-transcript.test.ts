/** The transcript that the native bridge sends: what readTranscript() of the bridge in node reads. */
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { agentSystems } from '../../src/agents/registry.ts';
import { readTranscript } from '../../src/cli/hook/transcript.ts';
import { run } from '../support/bridges.ts';
import { nativeBridgeFile, whyNoNativeBridge } from '../support/native-bridge.ts';
import { useTranscriptHome, useTranscriptServer } from '../support/transcript-home.ts';

const missing = whyNoNativeBridge();
const home = useTranscriptHome();

const server = useTranscriptServer();

interface Asking {
  readonly dialect?: string;
  readonly limitBytes?: number;
  readonly env?: NodeJS.ProcessEnv;
}

/** What the server got, and the line on stderr; it has to be what the bridge in node reads. */
async function read(context: string, asking: Asking = {}) {
  const { dialect = 'claude-code', limitBytes = 1 << 20, env = {} } = asking;
  const options = `--dialect ${dialect} --hookset x --transcript-bytes ${limitBytes}`;
  const line = `'${nativeBridgeFile}' ${options} --server ${server.url}`;
  const answer = await run(line, context, { HOME: home.path, ...env });
  expect(answer).toMatchObject({ code: 0, stdout: 'said' });
  const last = server.asked.at(-1);
  const length = last?.headers['hookpool-transcript'];
  const behind = last?.body.slice(context.length) ?? '';
  expect(length).toBe(length === undefined ? undefined : String(Buffer.byteLength(behind)));
  const owner = { home: home.path, env, uid: process.geteuid?.() };
  const inNode = await readTranscript(dialect, Buffer.from(context), limitBytes, owner);
  const problem = answer.stderr.replace(/^logged\n/, '');
  const bytes = length === undefined ? undefined : behind;
  expect({ bytes, problem }).toEqual({
    bytes: inNode.bytes?.toString(),
    problem: inNode.problem ?? '',
  });
  return { bytes, problem };
}

const naming = (named: unknown) => JSON.stringify({ x: 'é', transcript_path: named });

describe.skipIf(missing !== undefined)(`the native bridge ${missing ?? ''}`, () => {
  test.each([0, 4, 5, 6, 7, 8, 100])(
    'sends the newest whole lines of %i bytes',
    async (limitBytes) => {
      writeFileSync(home.file, 'aaaa\nbb\nccc\n');
      const first = limitBytes === 0 ? 1 : limitBytes;
      await read(naming(home.file), { limitBytes: first });
      writeFileSync(home.file, 'aaaa\nbbbbbbbb');
      await read(naming(home.file), { limitBytes: first });
      writeFileSync(home.file, '');
      expect(await read(naming(home.file), { limitBytes: first })).toEqual({
        bytes: '',
        problem: '',
      });
    },
  );

  test('sends no more than the limit of 50 MB', async () => {
    home.writeLarge();
    const { bytes = '' } = await read(naming(home.file));
    expect(bytes.length).toBeGreaterThan((1 << 20) - 20);
  });

  test('sends no file of another folder, nor what is no file', async () => {
    writeFileSync(path.join(home.folder, 'real'), 'turn\n');
    const inside = [home.link('link', 'real'), path.join(home.folder, '../-work/./real')];
    const tilde = `~${path.join(home.folder, 'real').slice(home.path.length)}`;
    for (const named of [...inside, tilde])
      expect(await read(naming(named))).toEqual({ bytes: 'turn\n', problem: '' });
    const up = home.link('up', home.path);
    spawnSync('mkfifo', [path.join(home.folder, 'fifo')]);
    symlinkSync('/dev/zero', home.file);
    const refused = [
      ...home.outside(),
      home.link('out', home.secret()),
      path.join(up, '.claude/credentials.json'),
      path.join(home.folder, 'fifo'),
      path.join(home.folder, 'gone'),
      path.join(home.folder, 'real/below'),
      path.join(home.folder, 'x'.repeat(300)),
      home.folder,
      home.file,
      'session.jsonl',
      '~',
      `${home.folder}/real\u0000`,
      '/\u001b[2J\u202e"',
    ];
    for (const named of refused) expect((await read(naming(named))).bytes).toBeUndefined();
  });

  test('sends nothing of a file that it may not read', async () => {
    writeFileSync(home.file, 'turn\n');
    chmodSync(home.file, 0);
    await read(naming(home.file));
  });

  test('sends that of a subagent in the place of that of the session around it', async () => {
    const context = home.writeSubagent();
    expect((await read(JSON.stringify(context))).bytes).toBe('subagent\n');
    await read(JSON.stringify({ ...context, agent_transcript_path: null }));
    await read(JSON.stringify({ ...context, agent_transcript_path: '' }));
  });

  test.each(['{}', '[]', 'null', 'x', '{"transcript_path":1}', '{"a":{"transcript_path":"/x"}}'])(
    'reads the context %s as node does',
    async (context) => {
      expect((await read(context)).bytes).toBeUndefined();
    },
  );

  test('finds the folders of all agents that the registry has', async () => {
    for (const system of agentSystems) {
      const dialect = system.dialects[0].name;
      const context = (named: string) =>
        dialect === 'windsurf'
          ? JSON.stringify({ tool_info: { transcript_path: named } })
          : naming(named);
      for (const place of 'transcripts' in system ? system.transcripts : []) {
        const atHome = context(home.write(place.inHome, `${dialect}\n`));
        expect((await read(atHome, { dialect })).bytes).toBe(`${dialect}\n`);
        if (!('variable' in place)) continue;
        const { name, below } = place.variable;
        const elsewhere = context(home.write(path.join('else', below), 'else\n'));
        const env = { [name]: path.join(home.path, 'else') };
        expect((await read(elsewhere, { dialect, env })).bytes).toBe('else\n');
        await read(elsewhere, { dialect });
        await read(atHome, { dialect, env });
        await read(atHome, { dialect, env: { [name]: '' } });
      }
    }
    await read(naming(home.file), { dialect: 'openhands' });
  });

  test('follows a link above the folders, and one part of any name is one part', async () => {
    const place = path.join(home.all, 'dotfiles-gemini');
    mkdirSync(path.join(place, 'tmp/a/b/chats'), { recursive: true });
    mkdirSync(path.join(place, 'tmp/a/chats'), { recursive: true });
    symlinkSync(place, path.join(home.path, '.gemini'));
    for (const below of ['tmp/a/b/chats', 'tmp/a/chats']) {
      const file = path.join(home.path, '.gemini', below, 's.json');
      writeFileSync(file, '{}\n');
      const { bytes } = await read(naming(file), { dialect: 'gemini-cli' });
      expect(bytes).toBe(below === 'tmp/a/chats' ? '{}\n' : undefined);
    }
    rmSync(place, { recursive: true });
  });
});
