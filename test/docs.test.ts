/** What the documents say is what the code does. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { dialectsPage } from '../docs/dialects-page.ts';

import { agentSystems, fileFormats } from '../src/agents/registry.ts';
import { failureCodes, hookErrorCodes } from '../src/protocol/failure-codes.ts';
import { corpora, readCorpus } from './attacks/entry.ts';
import { mutations } from './mutations/mutations.ts';

const root = path.join(import.meta.dirname, '..');
const read = (file: string) => readFileSync(path.join(root, file), 'utf8');

test('docs/dialects.md is fresh (npm run schema writes it)', () => {
  expect(read('docs/dialects.md')).toBe(dialectsPage());
});

const pages = [
  'README.md',
  'CHANGELOG.md',
  'CONTRIBUTING.md',
  'SECURITY.md',
  ...['docs', 'docs/benchmarks'].flatMap((folder) =>
    readdirSync(path.join(root, folder)).flatMap((file) =>
      file.endsWith('.md') ? [`${folder}/${file}`] : [],
    ),
  ),
];

test.each(pages)('every link of %s leads somewhere', (page) => {
  const links = [...read(page).matchAll(/\]\((?!https?:)([^)#]+)/g)].map((match) => match[1] ?? '');
  expect(links.filter((link) => !existsSync(path.join(root, path.dirname(page), link)))).toEqual(
    [],
  );
});

test.each(pages)('%s has no number left to be filled in', (page) => {
  expect(read(page).match(/@[A-Z]+@/g)).toBeNull();
});

test('docs/README.md has every page of docs/ once', () => {
  const listed = [
    ...read('docs/README.md').matchAll(/^- \[[^\]]+\]\(((?:benchmarks\/)?[a-z-]+\.md)\)/gm),
  ].map((match) => `docs/${match[1]}`);
  const others = pages.filter((page) => page.startsWith('docs/') && page !== 'docs/README.md');
  expect(listed.toSorted()).toEqual(others.toSorted());
});

test('README.md names every page on how to use hookpool, and what each kind of worker takes', () => {
  const [use = ''] = read('docs/README.md').split('\n## Run it\n');
  const named = [...use.matchAll(/^- \[[^\]]+\]\(([a-z-]+\.md)\)/gm)].map((match) => match[1]);
  // concepts.md explains the terms; every page that uses them leads there.
  const pagesOfUse = named.filter((page) => page !== 'concepts.md');
  expect(pagesOfUse.length).toBeGreaterThan(7);
  const readme = read('README.md');
  expect(pagesOfUse.filter((page) => !readme.includes(`](docs/${page})`))).toEqual([]);
  const [, commands = ''] = readme.split('\nOther commands');
  const options = ['`worker`', '`worker --outbound`', '`serve`'];
  expect(options.filter((name) => !(commands.split('\n\n', 1)[0] ?? '').includes(name))).toEqual(
    [],
  );
});

/** What stands in backquotes in the rows of CONTRIBUTING's table. */
const namedToAdd = () => {
  const [, section = ''] = read('CONTRIBUTING.md').split(
    '| to add | touch | what notices a part that is missing |\n|---|---|---|\n',
  );
  const rows = (section.split('\n\n', 1)[0] ?? '').split('\n');
  return rows.flatMap((row) => [...row.matchAll(/`([^`]+)`/g)].map((match) => match[1] ?? ''));
};

test('CONTRIBUTING.md tells what to touch by files that there are', () => {
  const files = namedToAdd().filter((name) => /^[\w.@-]+(\/[\w.@-]+)*(\/|\.[a-z]+)$/.test(name));
  expect(files.length).toBeGreaterThan(40);
  expect(files.filter((file) => !existsSync(path.join(root, file)))).toEqual([]);
});

test('CONTRIBUTING.md tells what to run by scripts that there are', () => {
  const { scripts } = JSON.parse(read('package.json')) as {
    scripts: Readonly<Record<string, string>>;
  };
  const named = namedToAdd().flatMap((text) => /^npm run ([\w:]+)/.exec(text)?.[1] ?? []);
  expect(named.length).toBeGreaterThan(3);
  expect(named.filter((name) => !Object.hasOwn(scripts, name))).toEqual([]);
});

test('docs/architecture.md has every failure that leaves a hook without a run, and no code that there is not', () => {
  const [, failures = ''] = read('docs/architecture.md').split('## Failures\n');
  const named = [...failures.matchAll(/`([A-Z]+(?:_[A-Z]+)*)`/g)].map((match) => match[1] ?? '');
  expect(failureCodes.filter((code) => !named.includes(code))).toEqual([]);
  const known = new Set<string>([...failureCodes, ...hookErrorCodes]);
  expect(named.filter((code) => !known.has(code))).toEqual([]);
});

test('the folders in the README are the folders that there are', () => {
  const named = [...read('README.md').matchAll(/`(src\/[a-z/-]+)\/`/g)].map(
    (match) => match[1] ?? '',
  );
  expect(named.length).toBeGreaterThan(4);
  expect(named.filter((folder) => !existsSync(path.join(root, folder)))).toEqual([]);
  const floors = readdirSync(path.join(root, 'src'), { withFileTypes: true }).filter((entry) =>
    entry.isDirectory(),
  );
  expect(floors.map((floor) => `src/${floor.name}`).toSorted()).toEqual(
    named.filter((folder) => folder.split('/').length === 2).toSorted(),
  );
});

test('the README counts the agents that docs/bridge.md sets up and whose files are read', () => {
  const readme = read('README.md').replace(/\s+/g, ' ');
  const setUp = agentSystems.filter(({ dialects: [newest] }) =>
    new RegExp(`--dialect ${newest.name}(?![\\w-])`).test(read('docs/bridge.md')),
  );
  // Three are named in the sentence; generic is no agent.
  expect(readme).toContain(
    `and ${setUp.filter(({ name }) => name !== 'any other agent').length - 3} others get`,
  );
  expect(readme).toContain(`of Azure and of ${fileFormats.length} other agents`);
  // Five are named; generic is no agent.
  expect(readme).toContain(`Docker Agent and ${agentSystems.length - 6} more`);
});

test("docs/hooks-file.md has every format of an agent's file", () => {
  const page = read('docs/hooks-file.md');
  expect(
    fileFormats.map(({ format }) => format).filter((format) => !page.includes(`\`${format}\``)),
  ).toEqual([]);
});

test('the variables and metrics that docs/operations.md names are there', () => {
  const page = read('docs/operations.md');
  const known = [
    'src/config.ts',
    'src/metrics.ts',
    'src/cli/judge-metrics.ts',
    'deploy/setup/up.sh',
  ]
    .map(read)
    .join('\n');
  const names = page.match(/\b(HOOKPOOL_[A-Z_]+|hookpool_[a-z_]+)\b/g) ?? [];
  expect(names.length).toBeGreaterThan(15);
  expect(names.filter((name) => !new RegExp(`\\b${name}\\b`).test(known))).toEqual([]);
});

test('docs/security.md names attacks, tests and mutations that there are, and each boundary has one', () => {
  const page = read('docs/security.md');
  const named = (pattern: RegExp) => [...page.matchAll(pattern)].map((match) => match[1] ?? '');
  const attacks = new Set(corpora.flatMap(readCorpus).map(({ id }) => id));
  const removable = new Set(mutations.map(({ name }) => name));
  expect(
    named(/`((?:res|leak|bnd|proto|ctl|own|canary)-[a-z0-9-]+)`/g).filter((id) => !attacks.has(id)),
  ).toEqual([]);
  expect(
    named(/`((?:test|deploy|sandbox-images)\/[^`\s]+)`/g).filter(
      (file) => !existsSync(path.join(root, file)),
    ),
  ).toEqual([]);
  const [, boundaries = ''] = page.split(
    '| boundary | how | shown by | taken away by |\n|---|---|---|---|\n',
  );
  const rows = (boundaries.split('\n\n', 1)[0] ?? '')
    .split('\n')
    .map((row) => row.split('|').map((cell) => cell.trim()));
  expect(rows.length).toBeGreaterThan(10);
  for (const [, name, , shownBy = '', takenAwayBy = ''] of rows) {
    expect(shownBy, name).toMatch(/`(test\/|[a-z]+-)/);
    const names = [...takenAwayBy.matchAll(/`([^`]+)`/g)].map((match) => match[1] ?? '');
    expect(
      names.filter((one) => !removable.has(one)),
      name,
    ).toEqual([]);
  }
});

test('docs/mutations.md has a line for each mutation, and no other', () => {
  const listed = [...read('docs/mutations.md').matchAll(/^\| `([^`]+)` \|/gm)].map(
    (match) => match[1] ?? '',
  );
  expect(listed.toSorted()).toEqual(mutations.map(({ name }) => name).toSorted());
});
