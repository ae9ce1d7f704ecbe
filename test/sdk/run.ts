/**
 * Compares our requests to judges with those of the official SDKs: `npm run test:sdk` installs the
 * packages into a temporary folder, lets both sides ask the same questions of a server on this
 * machine, and compares address, headers, body and what each reads from the answer, field by field.
 * The bodies are also checked against the types of the SDKs.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { compare, type Difference } from './compare.ts';
import { type Client, clients, type Question, questions } from './questions.ts';
import { type Recorded, startServer } from './server.ts';

const versions = { openai: '6.49.0', '@anthropic-ai/sdk': '1.14.0' } as const;
const root = path.join(import.meta.dirname, '../..');
const folder = mkdtempSync(path.join(tmpdir(), 'hookpool-sdk-'));

/** Differences that are known, with the reason: `format`, field, why. */
const differences: readonly (readonly [Question['format'] | '*', RegExp, string])[] = [
  ['*', /^headers\.accept-encoding$/, 'an encoded answer has no limit before it is decoded'],
  ['*', /^headers\.(accept-language|sec-fetch-mode)$/, 'from the fetch of node'],
  [
    ...(['anthropic-messages', /^headers\.anthropic-version$/] as const),
    '@ai-sdk/anthropic asks for an older version; not tried on the real API',
  ],
  [
    ...(['anthropic-messages', /^headers\.(x-api-key|authorization)$/] as const),
    'the SDK sends its key as a bearer token where older ones sent x-api-key; not tried on the real API',
  ],
];

try {
  process.exitCode = await main();
} finally {
  rmSync(folder, { recursive: true });
}

async function main(): Promise<number> {
  install();
  const server = await startServer();
  const unknown: string[] = [];
  const bodies: string[] = [];
  let compared = 0;
  try {
    const asking = await clients(folder, server.port);
    for (const question of questions) {
      const pair: { readonly sent: Recorded; readonly read: object }[] = [];
      for (const ask of [asking.ours, asking.theirs] satisfies Client[]) {
        const read = await ask(question);
        pair.push({ sent: server.last(), read });
      }
      const [ours, theirs] = pair;
      if (ours === undefined || theirs === undefined) throw new Error('A side did not ask.');
      const found = compare(
        { ...ours.sent, read: ours.read },
        { ...theirs.sent, read: theirs.read },
      );
      compared += found.compared;
      for (const difference of found.differences) {
        const why = known(question, difference);
        console.log(
          `${question.name}: ${shown(difference)}${why === undefined ? '' : ` (${why})`}`,
        );
        if (why === undefined) unknown.push(`${question.name}: ${difference.field}`);
      }
      bodies.push(
        `export const ${question.id}: ${question.type} = ${JSON.stringify(ours.sent.body)};`,
      );
    }
  } finally {
    server.close();
  }
  const typed = checkTypes(bodies);
  console.log(
    `${questions.length} questions, ${compared} fields compared, ${unknown.length} unknown differences; types: ${typed ? 'fit' : 'do not fit'}.`,
  );
  return unknown.length === 0 && typed ? 0 : 1;
}

function install(): void {
  const packages = Object.entries(versions).map(([name, version]) => `${name}@${version}`);
  const flags = ['--ignore-scripts', '--no-audit', '--no-fund', '--no-save'];
  const { status } = spawnSync('npm', ['install', '--prefix', folder, ...flags, ...packages], {
    stdio: 'inherit',
  });
  if (status !== 0) throw new Error('The SDKs are not installed.');
  for (const name of Object.keys(versions)) {
    const { stdout } = spawnSync('du', ['-sk', path.join(folder, 'node_modules', name)]);
    console.log(`${name}: ${(Number.parseInt(String(stdout), 10) / 1024).toFixed(1)} MiB on disk`);
  }
}

/** Whether the SDKs' types have every field of our bodies. */
function checkTypes(bodies: readonly string[]): boolean {
  const head = [
    "import type OpenAI from 'openai';",
    "import type Anthropic from '@anthropic-ai/sdk';",
  ];
  writeFileSync(path.join(folder, 'bodies.ts'), [...head, ...bodies, ''].join('\n'));
  const flags = ['--noEmit', '--strict', '--skipLibCheck', '--ignoreConfig', '--types', ''];
  const place = ['--module', 'nodenext', '--target', 'es2023', path.join(folder, 'bodies.ts')];
  const tsc = path.join(root, 'node_modules/typescript/bin/tsc');
  const { status, stdout } = spawnSync(process.execPath, [tsc, ...flags, ...place]);
  process.stdout.write(stdout);
  return status === 0;
}

function known({ format }: Question, { field }: Difference): string | undefined {
  const [, , why] =
    differences.find(([of, pattern]) => (of === '*' || of === format) && pattern.test(field)) ?? [];
  return why;
}

function shown({ field, ours, theirs }: Difference): string {
  return `${field}: ${JSON.stringify(ours)?.slice(0, 80)} here, ${JSON.stringify(theirs)?.slice(0, 80)} there`;
}
