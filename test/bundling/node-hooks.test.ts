/** Hooks that run in node, from their command to the script that a sandbox gets. */
import { describe, expect, it } from 'vitest';
import { type HookSettings, inProject } from '../../src/bundling/in-project.ts';
import { builtInContents } from '../../src/bundling/needs/profiles.ts';
import { defaultContents } from '../../src/protocol/profile.ts';
import type { Runtime } from '../../src/protocol/run.ts';
import { projectOf } from './samples.ts';

function hook(
  source: string,
  files: Readonly<Record<string, string>>,
  { runtime = 'bash' as Runtime, ...settings }: HookSettings & { runtime?: Runtime } = {},
) {
  const command = runtime === 'bash' ? { command: source } : {};
  const beside = { dialect: 'claude-code', files: projectOf(files), profiles: builtInContents };
  const { script, problems, warnings } = inProject(
    { runtime, source },
    { ...command, ...settings },
    beside,
  );
  const paths = script.bundle?.files.map(({ path }) => path).toSorted();
  return { ...script, paths, problems, warnings: warnings.map(([, message]) => message) };
}

describe('a command that starts a file in node', () => {
  it('takes along what the file imports, and each package.json that says how it is read', () => {
    const files = {
      'package.json': '{"type": "module", "main": "unrelated.js"}',
      'unrelated.js': '',
      'hooks/guard.mjs': `import { a } from "./lib/a"; import '../shared/b.js'; import { z } from 'zod';`,
      'hooks/lib/a.ts': "import './c.json' with { type: 'json' };",
      'hooks/lib/c.json': '{}',
      'hooks/words.txt': '',
      'hooks/node_modules/zod/index.js': '',
      'hooks/node_modules/zod/package.json': '{"name": "zod"}',
      'shared/b.ts': "require('path').join(__dirname, 'more', 'd.json')",
      'shared/more/d.json': '{}',
    };
    const { runtime, source, paths, runs, problems, warnings } = hook(
      'node hooks/guard.mjs a',
      files,
    );
    expect(runtime).toBe('node');
    expect(source).toContain('"argv":["hooks/guard.mjs","a"]');
    expect(source).toContain('"CLAUDE_PROJECT_DIR":"/project"');
    expect(paths).toEqual(
      Object.keys(files)
        .filter((path) => !['unrelated.js', 'hooks/words.txt'].includes(path))
        .toSorted(),
    );
    expect([runs, problems, warnings]).toEqual([
      [{ path: 'hooks/guard.mjs', runtime: 'node' }],
      [],
      [],
    ]);
  });

  it('is told of packages that are not among the files', () => {
    const { warnings } = hook('node g.mjs', { 'g.mjs': "import 'zod'; import y from '@a/b';" });
    expect(warnings).toEqual([
      "g.mjs:1: the npm packages zod and @a/b are neither in the sandbox's image nor among the files: list their folders of node_modules in files.",
    ]);
    expect(hook('node g.mjs', { 'g.mjs': 'Bun.file("x")' }).warnings).toEqual([
      expect.stringMatching(/^g\.mjs:1: the npm package bun is .* list its folder/),
    ]);
  });

  it.each(['tsx g.ts', 'npx -y tsx g.ts'])(
    'is told that node takes the place of tsx: %s',
    (command) => {
      const { runtime, warnings, problems } = hook(command, { 'g.ts': 'let a: number = 1;' });
      expect([runtime, problems]).toEqual(['node', []]);
      expect(warnings).toEqual([
        expect.stringMatching(/^g\.ts runs under node in the place of tsx/),
      ]);
    },
  );

  it.each(['npx prettier x.ts', 'bun test', 'deno run x.ts'])(
    'lacks its program: %s',
    (command) => {
      const [, message = ''] = hook(command, { 'x.ts': '' }).problems[0] ?? [];
      expect(message).toMatch(/^(?:npx|bun|deno) is not in the sandbox's image\.$/);
    },
  );

  it('is followed from a file without an ending, by its first line', () => {
    const files = { guard: '#!/usr/bin/env node\nrequire("./b");\n', 'b.js': '' };
    expect(hook('node guard', files).paths).toEqual(['b.js', 'guard']);
  });

  it.each([
    'node --import ./a.mjs b.mjs',
    'node -r ./a.mjs b.mjs',
    'node --import=./a.mjs b.mjs | cat',
    './c.ts',
  ])('takes along what is loaded before it: %s', (command) => {
    const files = {
      'a.mjs': "import './lib.mjs';",
      'b.mjs': "import './other.mjs';",
      'c.ts': "#!/usr/bin/env -S node --import ./a.mjs\nimport './b.mjs';",
      'lib.mjs': '',
      'other.mjs': '',
    };
    const { paths, problems } = hook(command, files);
    expect(problems).toEqual([]);
    expect(paths).toEqual(
      Object.keys(files).filter((path) => path !== 'c.ts' || command === './c.ts'),
    );
  });

  it('needs a file that is there, and what is loaded before it', () => {
    expect(hook('node --import ./gone.mjs b.mjs', { 'b.mjs': '' }).problems).toEqual([
      ['command', expect.stringContaining('gone.mjs')],
    ]);
  });

  it('needs a file that is there', () => {
    expect(hook('node other.mjs', {}).problems).toEqual([
      ['command', expect.stringContaining('other.mjs')],
    ]);
  });
});

it('a file with the first line of bun runs in node, and the author is told', () => {
  const { runtime, source, bundle, warnings } = hook('./run.ts', {
    'run.ts': '#!/usr/bin/env bun\nconsole.log(1)\n',
  });
  expect(runtime).toBe('node');
  expect(source).toContain('"isLoose":true');
  expect(Buffer.from(bundle?.files[0]?.content ?? []).toString()).toMatch(
    /^#!\/usr\/bin\/env -S .* node\n/,
  );
  expect(warnings).toEqual([expect.stringContaining('in the place of bun')]);
});

it('cannot run where no profile has node', () => {
  const { problems } = inProject(
    { runtime: 'node', source: 'main();' },
    {},
    { dialect: 'claude-code', files: undefined, profiles: [defaultContents] },
  );
  expect(problems.join()).toContain('node');
});

it('a script of the hooks file gets its surroundings', () => {
  const source = "#!/usr/bin/env node\nimport './x.mjs';\n";
  expect(hook(source, {}, { runtime: 'node', env: { A: '1' } }).source).toBe(
    `#!hookpool-node {"environment":{"A":"1"}}\nimport './x.mjs';\n`,
  );
});
