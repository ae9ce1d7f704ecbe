/**
 * Prints as Markdown how long tenant b waits while tenant a attacks: `tsx
 * test/support/two-tenants-report.ts [EXPRESSION]`, for the attacks whose names match EXPRESSION.
 * Needs the engine, the image and `npm run build`.
 */
import { Arena, faultsOf, type Outcome } from './two-tenants/arena.ts';
import { attacks } from './two-tenants/attacks.ts';

const wanted = new RegExp(process.argv[2] ?? '');
const arena = await Arena.open();
console.log(
  '| attack of a | worst wait of b, ms | wrong answers to b | what a saw | memory, MiB | the server |',
);
console.log('|---|---|---|---|---|---|');
let red = 0;
for (const attack of attacks.filter(({ name }) => wanted.test(name))) {
  const outcome = await arena.attack(attack);
  const faults = faultsOf(outcome, attack.mayWait);
  if (faults.length > 0) red += 1;
  console.log(row(outcome, faults.length > 0));
}
await arena.close();
console.log(`\n${red} rows are not as they must be.`);

function row(
  { name, worstMs, wrong, asked, answers, memoryBytes, end }: Outcome,
  isRed: boolean,
): string {
  const first = wrong[0]?.replaceAll('|', '\\|').slice(0, 120) ?? '';
  const wrongs = wrong.length === 0 ? '0' : `${wrong.length} of ${asked}: ${first}`;
  return `| ${isRed ? '**' : ''}${name}${isRed ? '**' : ''} | ${Math.round(worstMs)} | ${wrongs} | ${answers} | ${memoryBytes >> 20} | ${end ?? 'lives'} |`;
}
