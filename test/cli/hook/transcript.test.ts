/** The transcript that the bridge reads, with real files. */
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { agentSystems } from '../../../src/agents/registry.ts';
import { readTranscript, type TranscriptOwner } from '../../../src/cli/hook/transcript.ts';
import { useTranscriptHome } from '../../support/transcript-home.ts';

const home = useTranscriptHome();
const uid = process.geteuid?.();
const limit = 1 << 20;

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
    { home: home.path, env: {}, uid, ...more.owner },
  );
const textOf = async (...asking: Parameters<typeof read>) =>
  (await read(...asking)).bytes?.toString();

test('a file in the folder of the agent is read whole', async () => {
  writeFileSync(home.file, '{"a":1}\n{"b":2}\n');
  expect(await read(home.file)).toEqual({ bytes: Buffer.from('{"a":1}\n{"b":2}\n') });
  expect(await textOf(`~${home.file.slice(home.path.length)}`)).toBe('{"a":1}\n{"b":2}\n');
  writeFileSync(home.file, '');
  expect(await textOf(home.file)).toBe('');
});

describe('of a file above the limit the newest whole lines are read', () => {
  test.each([
    [8, 'bb\nccc\n'],
    [7, 'bb\nccc\n'],
    [6, 'ccc\n'],
    [4, 'ccc\n'],
    [100, 'aaaa\nbb\nccc\n'],
  ])('%i bytes', async (limitBytes, kept) => {
    writeFileSync(home.file, 'aaaa\nbb\nccc\n');
    expect(await textOf(home.file, { limitBytes })).toBe(kept);
  });

  test('and none where the last line is longer', async () => {
    writeFileSync(home.file, 'aaaa\nbbbbbbbb\n');
    expect(await read(home.file, { limitBytes: 5 })).toEqual({
      problem: 'hookpool hook: no transcript: its last line has more than 5 bytes\n',
    });
  });

  test('of 50 MB no more than the limit is read', async () => {
    home.writeLarge();
    const { bytes } = await read(home.file);
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
    for (const named of home.outside())
      expect(await refused(named)).toContain("is in no folder of claude-code's transcripts");
  });

  test('a link that leads out of the folder; one that stays in it is followed', async () => {
    expect(await refused(home.link('out', home.secret()))).toContain('is in no folder');
    const up = home.link('up', home.path);
    expect(await refused(path.join(up, '.claude/credentials.json'))).toContain('is in no folder');
    writeFileSync(path.join(home.folder, 'real'), 'turn\n');
    expect(await textOf(home.link('link', 'real'))).toBe('turn\n');
  });

  test('no home.file, a folder, a FIFO and a device', async () => {
    expect(await refused(path.join(home.folder, 'gone'))).toContain('ENOENT');
    expect(await refused(home.folder)).toContain('is no file');
    const fifo = path.join(home.folder, 'fifo');
    spawnSync('mkfifo', [fifo]);
    expect(await refused(fifo)).toContain('is no file');
    symlinkSync('/dev/zero', home.file);
    expect(await refused(home.file)).toContain('is in no folder');
  });

  test('a file of another user, and one without permission', async () => {
    writeFileSync(home.file, 'turn\n');
    expect(await refused(home.file, { owner: { uid: (uid ?? 0) + 1 } })).toContain('another user');
    chmodSync(home.file, 0);
    if (uid !== 0) expect(await refused(home.file)).toContain('EACCES');
  });

  test('a relative path, an agent without folders, and a context that is no JSON', async () => {
    expect(await refused('session.jsonl')).toContain('no absolute path');
    expect(await refused(home.file, { dialect: 'openhands' })).toContain(
      'where openhands keeps them is not known',
    );
    expect(
      (await readTranscript('codex', Buffer.from('{'), limit, { home: home.path, env: {}, uid }))
        .problem,
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
  const context = home.writeSubagent();
  expect(await textOf('', { context })).toBe('subagent\n');
  expect(await textOf('', { context: { ...context, agent_transcript_path: null } })).toBe(
    'session\n',
  );
});

test('the folder of the agent may itself be a link, as with dotfiles', async () => {
  const place = path.join(home.all, 'dotfiles-claude');
  mkdirSync(path.join(place, 'projects/p'), { recursive: true });
  writeFileSync(path.join(place, 'projects/p/s.jsonl'), 'turn\n');
  rmSync(path.join(home.path, '.claude'), { recursive: true });
  symlinkSync(place, path.join(home.path, '.claude'));
  expect(await textOf(path.join(home.path, '.claude/projects/p/s.jsonl'))).toBe('turn\n');
});

test('where a part of the folder may have any name, it is one part', async () => {
  const chats = path.join(home.path, '.gemini/tmp/a/b/chats');
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
  const ask = (named: string, env = {}) => {
    const context =
      dialect === 'windsurf'
        ? { tool_info: { transcript_path: named } }
        : { transcript_path: named };
    return textOf(named, { dialect, context, owner: { env } });
  };
  const atHome = home.write(inHome, 'home\n');
  expect(await ask(atHome)).toBe('home\n');
  if (variable === undefined) return;
  const elsewhere = home.write(path.join('else', variable.below), 'else\n');
  const env = { [variable.name]: path.join(home.path, 'else') };
  expect(await ask(elsewhere)).toBeUndefined();
  expect(await ask(elsewhere, env)).toBe('else\n');
  expect(await ask(atHome, env)).toBeUndefined();
  expect(await ask(atHome, { [variable.name]: '' })).toBe('home\n');
});
