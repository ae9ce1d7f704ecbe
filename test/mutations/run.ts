/**
 * `npm run mutate -- [--only NAME,NAME] [--json FILE]`: takes one defence away after the other and
 * shows what notices it.
 */
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { readConfig } from '../../src/config.ts';
import { imageName } from '../../src/sandbox/image.ts';
import { mutations } from './mutations.ts';
import { type Row, table } from './table.ts';
import { tryMutation, whyNotSound } from './try-mutation.ts';
import { Workshop } from './workshop.ts';

const { values } = parseArgs({
  options: { only: { type: 'string', multiple: true, default: [] }, json: { type: 'string' } },
});
const only = values.only.flatMap((names) => names.split(','));
const unknown = only.filter((name) => !mutations.some((one) => one.name === name));
if (unknown.length > 0)
  throw new Error(
    `--only names ${unknown.join(', ')}; there is ${mutations.map(({ name }) => name).join(', ')}.`,
  );

const workshop = await Workshop.open(readConfig().image ?? imageName());
const rows: Row[] = [];
let stopped = false;
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => {
    stopped = true;
  });
}
const chosen = mutations.filter(({ name }) => only.length === 0 || only.includes(name));
try {
  const unsound = await whyNotSound(workshop, chosen);
  if (unsound !== undefined) throw new Error(`Without any mutation this fails: ${unsound}`);
  for (const mutation of chosen) {
    if (stopped) break;
    const row = await tryMutation(workshop, mutation);
    rows.push(row);
    console.error(`${row.noticed ? 'noticed ' : 'SURVIVED'} ${row.name}: ${row.by}`);
  }
} finally {
  await workshop.close();
}
console.log(table(rows));
if (values.json !== undefined) writeFileSync(values.json, `${JSON.stringify(rows, null, 2)}\n`);
const survived = rows.filter(({ noticed }) => !noticed).length;
console.log(
  `${rows.length - survived} noticed, ${survived} survived${stopped ? ', stopped early' : ''}`,
);
process.exitCode = survived > 0 || rows.length === 0 || stopped ? 1 : 0;
