/** An explanation as a story on the terminal. */
import type { Explanation } from '../dispatch/explain.ts';
import type { Io } from './command.ts';
import { colourOf, milliseconds, oneLine, paint, table } from './table.ts';

type Hooks = Explanation['hooks'];

export function story(explanation: Explanation, io: Io): string {
  const { hooks, combination } = explanation;
  const parts = [
    `${paint(oneLine(titleOf(explanation)), 'bold', io.terminal)}\n${headlineOf(explanation, io)}\n`,
    hooks.length === 0 ? 'There are no hooks.\n' : hookTable(hooks, io),
    seenLines(hooks),
    [`How the results are combined (${explanation.dialect}):`, ...combination.rules]
      .map((line, at) => (at === 0 ? `${line}\n` : `  - ${line}\n`))
      .join(''),
  ];
  return parts.filter((part) => part !== '').join('\n');
}

function titleOf({ event, dialect, tool, matchedOn }: Explanation): string {
  const on = tool ?? matchedOn;
  return `${event}${on === undefined ? '' : `, ${on}`} (${dialect})`;
}

function headlineOf({ headline, combination }: Explanation, io: Io): string {
  const { decision, reason } = combination;
  const line = oneLine(headline);
  const told = decision === undefined ? line : paint(line, colourOf(decision), io.terminal);
  return reason === undefined ? told : `${told}\nreason: ${oneLine(reason)}`;
}

function hookTable(hooks: Hooks, io: Io): string {
  const hasRun = hooks.some(({ durations }) => durations !== undefined);
  const head = ['', 'HOOK', 'EVENT', 'TIER', 'STATE', ...(hasRun ? ['START', 'TIME'] : []), 'WHY'];
  const rows = hooks.map((one) => [
    String(one.index + 1),
    oneLine(one.hook),
    one.event,
    one.tier,
    one.selected ? one.state : paint(one.state, 'dim', io.terminal),
    ...(hasRun ? [ms(one.startedMs), ms(one.durations?.totalMs)] : []),
    oneLine(one.duplicateOf === undefined ? one.text : `${one.text} (${one.duplicateOf + 1})`),
  ]);
  return table([head, ...rows], io.columns);
}

/** What the conditions that do not hold were tested on: once, since it is the same for all. */
function seenLines(hooks: Hooks): string {
  const seen = hooks.find((one) => one.seen !== undefined && one.seen.length > 0)?.seen ?? [];
  const lines = seen.map(({ member, value, commands = [], understood }) => {
    const read = commands.map((command) => `    ${oneLine(command)}\n`).join('');
    const doubt = understood === false ? '    not understood: every condition holds\n' : '';
    return `  ${oneLine(member)}: ${oneLine(value)}\n${read}${doubt}`;
  });
  return lines.length === 0 ? '' : `What conditions are tested on:\n${lines.join('')}`;
}

function ms(value: number | undefined): string {
  return value === undefined ? '' : milliseconds(value);
}
