/**
 * The linter refuses imports that point up: each floor of src may import those below it, and a
 * package has one home.
 */
import { spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { copyFile, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { beforeAll, expect, it } from 'vitest';

const root = path.join(import.meta.dirname, '..');
const biome = path.join(root, 'node_modules/@biomejs/biome/bin/biome');

/** What each floor may import of the other ones. `cli` puts everything together. */
const below: Readonly<Record<string, readonly string[]>> = {
  protocol: [],
  agents: ['protocol'],
  wire: ['protocol', 'agents'],
  answering: ['protocol', 'agents'],
  bundling: ['protocol', 'agents'],
  files: ['protocol', 'agents', 'bundling'],
  threads: [],
  sandbox: ['protocol'],
  outbound: ['protocol'],
  dispatch: ['protocol'],
  redis: ['protocol'],
  queue: ['protocol', 'agents', 'wire', 'redis'],
  server: ['protocol', 'agents', 'wire', 'answering', 'files', 'dispatch', 'threads'],
  console: ['protocol', 'server'],
  'redis-stores': ['protocol', 'wire', 'redis', 'dispatch', 'server'],
};
const homes: Readonly<Record<string, readonly string[]>> = {
  dockerode: ['sandbox'],
  bullmq: ['queue', 'redis'],
  ioredis: ['redis'],
  fastify: ['server'],
  yaml: ['files'],
  'toml-eslint-parser': ['files'],
  'jsonc-parser': ['files'],
  unbash: ['protocol'],
};
const floors = readdirSync(path.join(root, 'src'), { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name);

it('every floor of src has its walls', () => {
  expect([...Object.keys(below), 'cli'].toSorted()).toEqual(floors.toSorted());
});

it.each(['README.md', 'docs/architecture.md'])(
  '%s draws every floor above those that it may import',
  (page) => {
    const [, picture = ''] =
      /```text\n(cli\b[^`]*)```/.exec(readFileSync(path.join(root, page), 'utf8')) ?? [];
    const lines = picture
      .split('\n')
      .map((line) => line.split(/\s+/).filter((word) => floors.includes(word)));
    expect(lines.flat().toSorted()).toEqual(floors.toSorted());
    const lineOf = (floor: string) => lines.findIndex((line) => line.includes(floor));
    for (const [floor, names] of Object.entries(below)) {
      expect(
        names.filter((name) => lineOf(name) <= lineOf(floor)),
        floor,
      ).toEqual([]);
    }
  },
);

const importsOf = (floor: string): { place: string; may: boolean }[] => [
  ...floors
    .filter((name) => name !== floor)
    .map((name) => ({ place: `../${name}/a.ts`, may: below[floor]?.includes(name) === true })),
  ...['config', 'log', 'metrics', 'index'].map((name) => ({ place: `../${name}.ts`, may: false })),
  ...Object.entries(homes).map(([name, where]) => ({ place: name, may: where.includes(floor) })),
];

/** `src/FLOOR/wall.ts:LINE` of every import that the linter refuses. */
let refused: Set<string>;

beforeAll(async () => {
  const project = await mkdtemp(path.join(tmpdir(), 'walls-'));
  try {
    await copyFile(path.join(root, 'biome.json'), path.join(project, 'biome.json'));
    for (const floor of Object.keys(below)) {
      await mkdir(path.join(project, 'src', floor), { recursive: true });
      const text = importsOf(floor).map(({ place }) => `import '${place}';\n`);
      await writeFile(path.join(project, 'src', floor, 'wall.ts'), text.join(''));
    }
    refused = refusedIn(await lint(project));
  } finally {
    await rm(project, { recursive: true });
  }
}, 30_000);

it.each(Object.keys(below))('%s imports the floors below it, and no other', (floor) => {
  const got = importsOf(floor).map(({ place }, index) => ({
    place,
    may: !refused.has(`src/${floor}/wall.ts:${index + 1}`),
  }));
  expect(got).toEqual(importsOf(floor));
});

async function lint(folder: string): Promise<string> {
  const args = [
    'lint',
    '--vcs-enabled=false',
    '--only=style/noRestrictedImports',
    '--reporter=github',
    '--max-diagnostics=none',
  ];
  const child = spawn(process.execPath, [biome, ...args, 'src'], { cwd: folder });
  let output = '';
  const take = (chunk: Buffer) => {
    output += chunk.toString();
  };
  child.stdout.on('data', take);
  child.stderr.on('data', take);
  await new Promise((resolve) => child.on('close', resolve));
  return output;
}

function refusedIn(output: string): Set<string> {
  const found = output.matchAll(/noRestrictedImports,file=[^,]*?(src\/[^,]+),line=(\d+)/g);
  return new Set([...found].map(([, file, line]) => `${file}:${line}`));
}
