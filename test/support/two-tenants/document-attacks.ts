/**
 * Documents, bodies and contexts of tenant a that take more time or depth to read than their size
 * suggests.
 */
import { hookFileShapes, tomlDepth, tomlWidth } from '../hostile/files.ts';
import { type Make, nested, pieces, sized } from '../hostile/shapes.ts';
import { contextPlaces, jsonShapes } from '../hostile/values.ts';
import { yamlDepth, yamlWidth } from '../hostile/yaml.ts';
import {
  type Attack,
  callContext,
  evaluation,
  evaluationText,
  hookCall,
  requests,
} from './attack.ts';

const kib = 1 << 10;
const mib = 1 << 20;

/** Documents of these shapes, each with a given number of characters. */
function documents(
  kind: string,
  shapes: Readonly<Record<string, Make>>,
  rows: readonly (readonly [string, number, number?])[],
) {
  return rows.map(([name, characters, times = 1]): Attack => {
    const make = shapes[name];
    if (make === undefined) throw new Error(`no shape ${name}`);
    return requests(
      `${kind}: ${name}, ${told(characters)}`,
      () => evaluation({ document: sized(make, characters) }),
      times,
    );
  });
}

function told(characters: number): string {
  return characters < mib
    ? `${Math.round(characters / kib)} KiB`
    : `${(characters / mib).toFixed(1)} MiB`;
}

export const documentAttacks: readonly Attack[] = [
  ...documents('YAML', yamlDepth, [
    ['flow sequences without an end', 3 * kib, 6],
    ['flow mappings without an end', 9 * kib, 4],
    ['block sequences in one line', 6 * kib, 4],
    ['block keys in one line', 6 * kib, 4],
    ['in the middle of a hooks file', 6 * kib, 4],
    ['flow sequences without an end', 1.9 * mib],
  ]),
  requests(
    'YAML in a body of /v1/hook: 3,000 levels',
    () => hookCall('claude-code', JSON.stringify(callContext), nested(3_000, '[')),
    4,
  ),
  requests('a hook set of 3,000 levels', () => ({
    method: 'PUT',
    path: '/v1/hooksets/deep',
    headers: { 'content-type': 'application/yaml' },
    body: nested(3_000, '- '),
    asAdmin: true,
  })),
  ...documents('YAML', yamlWidth, [
    ['keys', 204 * kib],
    ['keys in a flow mapping', 1.9 * mib],
    ['equal keys', 500 * kib],
    ['documents', 1.6 * mib],
    ['anchors', 1.3 * mib],
    ['aliases of aliases', 2 * kib],
    ['comment lines', 1.9 * mib],
    ['tabs at the start of lines', 500 * kib],
    ['empty sequences', 1.9 * mib],
  ]),
  ...documents(
    'TOML',
    {
      ...tomlDepth,
      keyed: tomlWidth['keys'] as Make,
      tabled: tomlWidth['lists of tables'] as Make,
    },
    [
      ['arrays', 8 * kib, 4],
      ['keyed', 692 * kib],
      ['tabled', 1.9 * mib],
      ['dotted keys', 1.9 * mib],
    ],
  ),
  ...documents('hooks', hookFileShapes, [
    ['hooks that are wrong', 234 * kib],
    ['unknown keys in lines', 1.9 * mib],
    ['hooks with a wrong matcher', 1.9 * mib],
    ['variables that are wrong', 1.9 * mib],
    ['assignments of a command', 1 * mib],
  ]),
  requests('hooks: 2,000 unknown keys beside 1 MiB of text', () =>
    evaluation({
      document: `{${pieces(2_000, (i) => `"k${i}": 0,`)} "description": "${'x'.repeat(mib)}", "hooks": {}}`,
    }),
  ),
  requests('hooks: 20,000 hooks of one event', () =>
    evaluation({ dialect: 'claude-code', hooks: { PreToolUse: hooks(20_000) } }),
  ),
  requests('hooks: 900 hooks of one event that run', () =>
    evaluation({
      dialect: 'claude-code',
      hooks: { PreToolUse: hooks(900, (i) => `sleep 1; exit ${i % 2}`) },
    }),
  ),
];

const hooks = (n: number, command = (i: number) => `exit ${i % 2}`) =>
  Array.from({ length: n }, (_, i) => ({ matcher: 'Bash', command: command(i) }));

const stop = { Stop: [{ command: 'exit 0' }] };
const bigContext = (make: Make, size: number) =>
  contextPlaces['beside the input']?.(sized(make, size)) ?? '';
const withContext = (context: string, more = '') =>
  evaluationText(`{"context":${context},"hooks":{},"deadlineMs":2000${more}}`);
const shape = (name: string): Make => jsonShapes[name] ?? ((n) => 'x'.repeat(n));

export const bodyAttacks: readonly Attack[] = [
  requests('a body with 500,000 unknown keys', () =>
    evaluationText(`{"context":{},"hooks":{},${pieces(500_000, (i) => `"k${i}":0`, ',')}}`),
  ),
  requests('a body of 100,000 levels', () => evaluationText(nested(100_000, '[')), 4),
  requests('a context of empty arrays, 7.3 MiB', () =>
    withContext(bigContext(shape('empty arrays'), 7.3 * mib)),
  ),
  requests('the same, with a transcript', () =>
    withContext(bigContext(shape('empty arrays'), 7.3 * mib), ',"transcript":"x"'),
  ),
  requests('the same as the input of the tool', () =>
    withContext(contextPlaces['as the input']?.(sized(shape('empty arrays'), 7 * mib)) ?? ''),
  ),
  requests('a context with 500,000 keys', () =>
    withContext(bigContext(shape('members'), 5.7 * mib)),
  ),
  requests(
    'three contexts of 7.3 MiB',
    () => withContext(bigContext(shape('empty objects'), 7.3 * mib)),
    3,
  ),
  requests('a context of 7.3 MiB to /v1/hook', () =>
    hookCall('azure', bigContext(shape('empty arrays'), 7.3 * mib), '{"hooks":{}}'),
  ),
  requests('a context that is a text of 6 MiB', () =>
    evaluation({ hooks: stop, context: bigContext(shape('empty arrays'), 6 * mib) }),
  ),
  requests('a tool input that is JSON in a text, 6 MiB', () =>
    withContext(contextPlaces['as the input']?.(sized(shape('JSON in a text'), 6 * mib)) ?? ''),
  ),
  requests(
    'a transcript of 7.9 MiB',
    () => evaluation({ hooks: stop, transcript: 'x'.repeat(7.9 * mib) }),
    4,
  ),
  requests('20,000 files beside the hooks', () =>
    evaluation({
      hooks: stop,
      files: Object.fromEntries(
        Array.from({ length: 20_000 }, (_, i) => [`f${i}`, { content: 'x' }]),
      ),
    }),
  ),
  requests('500,000 names of switched-on hooks', () =>
    evaluation({ hooks: stop, active: Array(500_000).fill('x') }),
  ),
];
