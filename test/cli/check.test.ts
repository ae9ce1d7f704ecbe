import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { checkCommand } from '../../src/cli/check.ts';
import { Arguments, type Io } from '../../src/cli/command.ts';
import { loaded } from '../support/loaded.ts';
import { workspaceFolder } from '../support/workspace-folder.ts';

const cli = path.join(import.meta.dirname, '../../src/cli');
const folder = mkdtempSync(path.join(tmpdir(), 'check-'));

test('--json tells of each problem and warning its file, line, column and message, and nothing more', async () => {
  try {
    const [bad, long] = ['bad.json', 'long.json'].map((name) => path.join(folder, name)) as [
      string,
      string,
    ];
    writeFileSync(bad, '{"hooks":{"Stop":[{"x":1,"script":"exit 0"}]}}');
    writeFileSync(long, '{"hooks":{"Stop":[{"script":"exit 0","timeout":1000000}]}}');
    const said: string[] = [];
    const io = { out: (text: string) => void said.push(text) } as Parameters<
      typeof checkCommand.run
    >[1];
    expect(
      await checkCommand.run(new Arguments({ json: true, static: true }, [bad, long]), io),
    ).toBe(64);
    const { problems, warnings } = JSON.parse(said.join(''));
    expect(problems).toEqual([
      { file: bad, line: 1, column: 20, message: expect.stringContaining('Unknown key "x"') },
    ]);
    expect(warnings).toEqual([
      { file: long, line: 1, column: 48, message: expect.stringContaining('timeout is') },
    ]);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('what a hook reads of its project is a warning, unless --workspace lets it', async () => {
  const made = workspaceFolder();
  const command = 'cat "$(jq -r .tool_input.file_path)" src/list.txt || curl -s x';
  const hooks = { PreToolUse: [{ matcher: 'Edit', hooks: [{ type: 'command', command }] }] };
  const file = made.file('app/.claude/settings.json', JSON.stringify({ hooks }));
  const warnings = async (workspace: readonly string[]) => {
    const said: string[] = [];
    const io = { out: (text: string) => void said.push(text), err: () => undefined };
    const args = new Arguments({ json: true, static: true, workspace }, [file]);
    expect(await checkCommand.run(args, io as unknown as Io)).toBe(0);
    const { warnings: found } = JSON.parse(said.join('')) as { warnings: { message: string }[] };
    return found.map(({ message }) => message.split(':')[0]);
  };
  const network = 'curl needs the network, which a sandbox does not have.';
  const ofProject = ['opens what file_path names', 'src/list.txt does not go along'];
  expect(await warnings([])).toEqual([network, ...ofProject]);
  expect(await warnings([made.folder('other')])).toEqual([network, ...ofProject]);
  expect(await warnings([`${made.path}/app`])).toEqual([network]);
  expect(await warnings([`${made.path}/*`])).toEqual([network]);
  made.remove();
});

describe('a file of an agent with a hook that cannot run', () => {
  const hooks = {
    PreToolUse: [{ matcher: 'Bash', hooks: [{ type: 'command', command: 'exit 2' }] }],
    PostToolUse: [{ hooks: [{ type: 'command', command: 'npx prettier' }] }],
    Stop: [{ hooks: [{ type: 'mcp_tool', url: 'x', onFailure: 'block' }] }],
  };
  const npx = "npx is not in the sandbox's image.";
  const check = async (options: object, content: object = hooks) => {
    const folderOf = mkdtempSync(path.join(tmpdir(), 'check-'));
    const file = path.join(folderOf, 'settings.json');
    writeFileSync(file, JSON.stringify({ hooks: content }));
    const out: string[] = [];
    const err: string[] = [];
    const io = {
      out: (text: string) => void out.push(text),
      err: (text: string) => void err.push(text.replaceAll(file, 'FILE')),
      columns: 200,
      terminal: false,
    } as unknown as Io;
    try {
      const args = new Arguments({ static: true, dialect: 'claude-code', ...options }, [file]);
      const code = await checkCommand.run(args, io);
      return { code, out: out.join(''), err: err.join('') };
    } finally {
      rmSync(folderOf, { recursive: true });
    }
  };

  test('is good, and its warnings and its count are told', async () => {
    const { code, out, err } = await check({});
    expect(code).toBe(0);
    expect(err).toContain(`FILE:1:146: warning: ${npx} The hook counts as its failMode, allow.\n`);
    expect(out).toMatch(/^PostToolUse +PostToolUse\[0\] +agent +- +600 s/m);
    expect(out).toMatch(/^EVENT +HOOK +TYPE +CANNOT RUN HERE$/m);
    expect(out).toMatch(
      /^PostToolUse +PostToolUse\[0\] +command +npx is not in the sandbox's image\.$/m,
    );
    expect(out).toMatch(/^Stop +Stop\[0\] +mcp_tool +\S/m);
    expect(out).toContain(
      'ok, 2 warnings, 2 hooks cannot run here (1 as failMode allow, 1 as failMode block), scripts not parsed (--static)\n',
    );
  });

  test('without a script that could be parsed says nothing of it', async () => {
    const { out } = await check({}, { Stop: hooks.Stop });
    expect(out).toMatch(/^ok, 1 warning, 1 hook cannot run here \(counts as failMode block\)$/m);
  });

  test('is wrong with --strict', async () => {
    const { code, out, err } = await check({ strict: true });
    expect([code, out.split('\n').at(-2)]).toEqual([64, '2 problems']);
    expect(err).toContain(`FILE:1:146: ${npx}`);
  });

  test('has the failMode of --fail-mode where it says none', async () => {
    const { out } = await check({ 'fail-mode': 'block' });
    expect(out).toContain('2 hooks cannot run here (count as failMode block), scripts not');
    await expect(check({ 'fail-mode': 'open' })).rejects.toThrow('must be one of allow, block');
  });

  test('has the reasons in --json', async () => {
    const { hooks: found } = JSON.parse((await check({ json: true })).out);
    expect(found).toMatchObject([
      { name: 'PreToolUse[0]', runtime: 'bash' },
      { name: 'PostToolUse[0]', runtime: null, unsupported: { type: 'command', reason: npx } },
      { name: 'Stop[0]', unsupported: { type: 'mcp_tool' } },
    ]);
    expect(found[0]).not.toHaveProperty('unsupported');
  });
});

describe('the tables of a check', () => {
  const hooks = (command: string) => ({
    hooks: { Stop: [{ hooks: [{ type: 'command', command }] }] },
  });
  const tablesOf = async (files: Readonly<Record<string, string>>, columns: number) => {
    const folderOf = mkdtempSync(path.join(tmpdir(), 'check-'));
    const names = Object.entries(files).map(([name, command]) => {
      const file = path.join(folderOf, name);
      writeFileSync(file, JSON.stringify(hooks(command)));
      return file;
    });
    const out: string[] = [];
    const io = {
      out: (text: string) => void out.push(text.replaceAll(`${folderOf}/`, '')),
      err: () => {},
      columns,
      terminal: false,
    } as unknown as Io;
    try {
      const args = new Arguments({ static: true, dialect: 'claude-code' }, names);
      await checkCommand.run(args, io);
      return out.join('');
    } finally {
      rmSync(folderOf, { recursive: true });
    }
  };

  test('name the file of each hook where there are several', async () => {
    const out = await tablesOf({ 'a.json': 'exit 0', 'b.json': 'npx prettier' }, 400);
    expect(out).toMatch(/^FILE +EVENT +HOOK +TIER/m);
    expect(out).toMatch(/^a\.json +Stop +Stop\[0\] +agent +bash/m);
    expect(out).toMatch(/^b\.json +Stop +Stop\[0\] +command +npx is not/m);
    expect(await tablesOf({ 'a.json': 'exit 0' }, 400)).toMatch(/^EVENT +HOOK +TIER/);
  });

  test('have the whole of a reason, whatever the width', async () => {
    const out = await tablesOf({ 'a.json': './no-such-folder/guard.sh --strict' }, 40);
    expect(out).toContain('name the folder that holds it (--project).');
  });
});

test.each([
  ['check', ['yaml', 'zod', 'toml-eslint-parser', 'unbash']],
  ['run', ['dockerode', 'yaml', 'zod']],
  ['run-event', ['yaml', 'zod', 'toml-eslint-parser', 'unbash']],
  ['hook/local', ['dockerode', 'yaml', 'zod', 'toml-eslint-parser', 'unbash']],
  ['hook-tests/command', ['dockerode', 'yaml', 'zod', 'toml-eslint-parser', 'unbash']],
  ['exec', ['dockerode', 'yaml', 'zod']],
  ['doctor', ['dockerode', 'yaml', 'zod']],
  ['image', ['dockerode', 'yaml', 'zod']],
  ['engine-proxy', ['dockerode', 'yaml', 'zod', 'pino']],
])('%s loads the libraries that it needs, and no others', (name, packages) => {
  const all = [...loaded(path.join(cli, `${name}.ts`))];
  const others = all.filter((one) => !path.isAbsolute(one) && !one.startsWith('node:'));
  expect(others.toSorted()).toEqual(packages.toSorted());
});

test('a worker loads no HTTP server before it listens, and no reader of hook files', () => {
  const worker = loaded(path.join(cli, 'sandbox-worker.ts'));
  expect([worker.has('bullmq'), worker.has('fastify'), worker.has('unbash')]).toEqual([
    true,
    false,
    false,
  ]);
});

test.each(['run', 'run-event', 'hook/local', 'serve', 'sandbox-worker', 'doctor'])(
  '%s loads what makes requests and asks judges only where the operator has configured some',
  (name) => {
    const outbound = path.join(cli, '../outbound/');
    const all = [...loaded(path.join(cli, `${name}.ts`))];
    expect(all.filter((file) => file.startsWith(outbound))).toEqual([]);
  },
);

test('what needs no sandbox is checked without the pool', () => {
  const engine = path.join(cli, '../sandbox/engine.ts');
  expect(loaded(path.join(cli, 'check.ts')).has(engine)).toBe(false);
  expect(loaded(path.join(cli, 'syntax-in-sandbox.ts')).has(engine)).toBe(true);
});

test('failMode ask where nobody can be asked is a warning, and a shadow hook is told as one', async () => {
  const made = workspaceFolder();
  const hooks = {
    PreToolUse: [{ matcher: '*', script: 'exit 0', failMode: 'ask', shadow: true }],
    Stop: [{ script: 'exit 0', failMode: 'ask' }],
  };
  const file = made.file('hooks.json', JSON.stringify({ hooks }));
  const said = async (json: boolean) => {
    const texts: string[] = [];
    const take = (text: string) => void texts.push(text);
    const io = { out: take, err: take } as unknown as Io;
    expect(await checkCommand.run(new Arguments({ json, static: true }, [file]), io)).toBe(0);
    return texts.join('');
  };
  const found = JSON.parse(await said(true));
  expect(found.hooks).toMatchObject([{ failMode: 'ask', shadow: true }, { failMode: 'ask' }]);
  expect(found.hooks[1].shadow).toBeUndefined();
  expect(found.warnings.map(({ message }: { message: string }) => message)).toEqual([
    'At Stop nobody can be asked, so failMode: ask blocks there: write failMode: block.',
  ]);
  expect(await said(false)).toMatch(/ask +always, shadow/);
  made.remove();
});
