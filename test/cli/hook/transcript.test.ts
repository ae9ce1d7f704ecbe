/** The transcript that the bridge reads, with real files. */
import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  realpathSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { agentSystems } from '../../../src/agents/registry.ts';
import { readTranscript, type TranscriptOwner } from '../../../src/cli/hook/transcript.ts';

const all = realpathSync(mkdtempSync(path.join(tmpdir(), 'hookpool-transcript-')));
afterAll(() => rmSync(all, { recursive: true }));

const uid = process.geteuid?.();
const limit = 1 << 20;
let home = '';
let folder = '';
let file = '';

beforeEach(() => {
  home = mkdtempSync(path.join(all, 'home-'));
  folder = path.join(home, '.claude/projects/-work');
  mkdirSync(folder, { recursive: true });
  file = path.join(folder, 'session.jsonl');
});

interface Asking {
  readonly dialect?: string;
  readonly limitBytes?: number;
  readonly owner?: Partial<TranscriptOwner>;
  /** Default: the file under the member of Claude Code. */
  readonly context?: unknown;
}

const read = (
  named: string,
  { dialect = 'claude-code', limitBytes = limit, ...more }: Asking = {},
) =>
  readTranscript(
    dialect,
    Buffer.from(JSON.stringify(more.context ?? { transcript_path: named })),
    limitBytes,
    { home, env: {}, uid, ...more.owner },
  );
const textOf = async (...asking: Parameters<typeof read>) =>
  (await read(...asking)).bytes?.toString();

test('a file in the folder of the agent is read whole', async () => {
  writeFileSync(file, '{"a":1}\n{"b":2}\n');
  expect(await read(file)).toEqual({ bytes: Buffer.from('{"a":1}\n{"b":2}\n') });
  expect(await textOf(`~${file.slice(home.length)}`)).toBe('{"a":1}\n{"b":2}\n');
  writeFileSync(file, '');
  expect(await textOf(file)).toBe('');
});

describe('of a file above the limit the newest whole lines are read', () => {
  test.each([
    [8, 'bb\nccc\n'],
    [7, 'bb\nccc\n'],
    [6, 'ccc\n'],
    [4, 'ccc\n'],
    [100, 'aaaa\nbb\nccc\n'],
  ])('%i bytes', async (limitBytes, kept) => {
    writeFileSync(file, 'aaaa\nbb\nccc\n');
    expect(await textOf(file, { limitBytes })).toBe(kept);
  });

  test('and none where the last line is longer', async () => {
    writeFileSync(file, 'aaaa\nbbbbbbbb\n');
    expect(await read(file, { limitBytes: 5 })).toEqual({
      problem: 'hookpool hook: no transcript: its last line has more than 5 bytes\n',
    });
  });

  test('of 50 MB no more than the limit is read', async () => {
    writeFileSync(file, '');
    truncateSync(file, 50_000_000);
    writeFileSync(file, `\n${'{"turn":1}\n'.repeat(200_000)}`, { flag: 'a' });
    const { bytes } = await read(file);
    expect(bytes?.length).toBeGreaterThan(limit - 20);
    expect(bytes?.length).toBeLessThanOrEqual(limit);
    expect(bytes?.subarray(0, 11).toString()).toBe('{"turn":1}\n');
  });
});

describe('the agent is told why there is none:', () => {
  const refused = async (named: string, asking?: Asking) => {
    const { bytes, problem } = await read(named, asking);
    expect(bytes).toBeUndefined();
    expect(problem).toMatch(/^hookpool hook: no transcript: [^\n]*\n$/);
    return problem;
  };

  test('a path outside of the folder, also by .. and by a name that begins like it', async () => {
    const secret = path.join(home, '.claude/credentials.json');
    writeFileSync(secret, 'secret\n');
    mkdirSync(`${path.dirname(folder)}-more`);
    writeFileSync(path.join(`${path.dirname(folder)}-more`, 'x'), 'secret\n');
    for (const named of [
      secret,
      `${folder}/../../credentials.json`,
      `${path.dirname(folder)}-more/x`,
      '/etc/passwd',
    ])
      expect(await refused(named)).toContain("is in no folder of claude-code's transcripts");
  });

  test('a link that leads out of the folder; one that stays in it is followed', async () => {
    const secret = path.join(home, 'secret');
    writeFileSync(secret, 'secret\n');
    symlinkSync(secret, file);
    expect(await refused(file)).toContain('is in no folder');
    symlinkSync(home, path.join(folder, 'up'));
    expect(await refused(path.join(folder, 'up/secret'))).toContain('is in no folder');
    writeFileSync(path.join(folder, 'real'), 'turn\n');
    symlinkSync('real', path.join(folder, 'link'));
    expect(await textOf(path.join(folder, 'link'))).toBe('turn\n');
  });

  test('no file, a folder, a FIFO and a device', async () => {
    expect(await refused(path.join(folder, 'gone'))).toContain('ENOENT');
    expect(await refused(folder)).toContain('is no file');
    const fifo = path.join(folder, 'fifo');
    spawnSync('mkfifo', [fifo]);
    expect(await refused(fifo)).toContain('is no file');
    symlinkSync('/dev/zero', file);
    expect(await refused(file)).toContain('is in no folder');
  });

  test('a file of another user, and one without permission', async () => {
    writeFileSync(file, 'turn\n');
    expect(await refused(file, { owner: { uid: (uid ?? 0) + 1 } })).toContain('another user');
    chmodSync(file, 0);
    if (uid !== 0) expect(await refused(file)).toContain('EACCES');
  });

  test('a relative path, an agent without folders, and a context that is no JSON', async () => {
    expect(await refused('session.jsonl')).toContain('no absolute path');
    expect(await refused(file, { dialect: 'openhands' })).toContain(
      'where openhands keeps them is not known',
    );
    expect(
      (await readTranscript('codex', Buffer.from('{'), limit, { home, env: {}, uid })).problem,
    ).toContain('JSON');
  });
});

test.each([
  {},
  { transcript_path: null },
  { transcript_path: '' },
  { x: { transcript_path: '/x' } },
  [],
])('a context that names none is no problem: %j', async (context) => {
  expect(await read('', { context })).toEqual({});
});

test('of a subagent its own file is read, not that of the session around it', async () => {
  const own = path.join(folder, 'session/subagents/agent-1.jsonl');
  mkdirSync(path.dirname(own), { recursive: true });
  writeFileSync(own, 'subagent\n');
  writeFileSync(file, 'session\n');
  const context = { transcript_path: file, agent_transcript_path: own };
  expect(await textOf('', { context })).toBe('subagent\n');
  expect(await textOf('', { context: { ...context, agent_transcript_path: null } })).toBe(
    'session\n',
  );
});

test('the folder of the agent may itself be a link, as with dotfiles', async () => {
  const place = path.join(all, 'dotfiles-claude');
  mkdirSync(path.join(place, 'projects/p'), { recursive: true });
  writeFileSync(path.join(place, 'projects/p/s.jsonl'), 'turn\n');
  rmSync(path.join(home, '.claude'), { recursive: true });
  symlinkSync(place, path.join(home, '.claude'));
  expect(await textOf(path.join(home, '.claude/projects/p/s.jsonl'))).toBe('turn\n');
});

test('where a part of the folder may have any name, it is one part', async () => {
  const chats = path.join(home, '.gemini/tmp/a/b/chats');
  mkdirSync(chats, { recursive: true });
  writeFileSync(path.join(chats, 's.json'), '{}\n');
  const asking = { dialect: 'gemini-cli' };
  expect((await read(path.join(chats, 's.json'), asking)).problem).toContain('is in no folder');
});

const places = agentSystems.flatMap((system) =>
  'transcripts' in system
    ? system.transcripts.map((place) => ({ dialect: system.dialects[0].name, place }))
    : [],
);

test.each(places)('$dialect: $place.inHome', async ({ dialect, place }) => {
  const { inHome } = place;
  const variable = 'variable' in place ? place.variable : undefined;
  const write = (below: string, text: string) => {
    const into = path.join(below.replace('*', 'any'), 'deep');
    mkdirSync(into, { recursive: true });
    writeFileSync(path.join(into, 's.jsonl'), text);
    return path.join(into, 's.jsonl');
  };
  const ask = (named: string, env = {}) => {
    const context =
      dialect === 'windsurf'
        ? { tool_info: { transcript_path: named } }
        : { transcript_path: named };
    return textOf(named, { dialect, context, owner: { env } });
  };
  const atHome = write(path.join(home, inHome), 'home\n');
  expect(await ask(atHome)).toBe('home\n');
  if (variable === undefined) return;
  const elsewhere = write(path.join(home, 'else', variable.below), 'else\n');
  const env = { [variable.name]: path.join(home, 'else') };
  expect(await ask(elsewhere)).toBeUndefined();
  expect(await ask(elsewhere, env)).toBe('else\n');
  expect(await ask(atHome, env)).toBeUndefined();
  expect(await ask(atHome, { [variable.name]: '' })).toBe('home\n');
});
