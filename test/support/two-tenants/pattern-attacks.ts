/** Matchers and conditions of tenant a that do not end on a backtracking engine. */
import {
  globTries,
  lineTries,
  matcherTries,
  pathTries,
  type Tried,
  type Tries,
} from '../hostile/patterns.ts';
import { pieces } from '../hostile/shapes.ts';
import { shellShapes } from '../hostile/values.ts';
import { type Attack, evaluation, type Request, requests } from './attack.ts';

const tried = (tries: Tries, name: string, size: number): Tried => {
  const make = tries[name];
  if (make === undefined) throw new Error(`no try ${name}`);
  return make(size);
};

/** Only the matcher decides whether the hook runs. */
function matching(dialect: string, event: string, { pattern, subject }: Tried): Request {
  const hooks = { [event]: [{ name: 'a', matcher: pattern, command: 'exit 0' }] };
  return evaluation({
    dialect,
    hooks,
    context: { hook_event_name: event, tool_name: subject, tool_input: {} },
  });
}

function conditional(condition: string, toolName: string, toolInput: object): Request {
  const hooks = { PreToolUse: [{ name: 'a', matcher: '*', if: condition, command: 'exit 0' }] };
  const context = {
    hook_event_name: 'PreToolUse',
    tool_name: toolName,
    tool_input: toolInput,
    cwd: '/work',
  };
  return evaluation({ dialect: 'claude-code', hooks, context });
}

const matchers = ([name, size]: readonly [string, number]): Attack =>
  requests(`matcher: ${name}`, () =>
    matching('azure', 'PreToolUse', tried(matcherTries, name, size)),
  );
const paths = ([name, size]: readonly [string, number]): Attack =>
  requests(`path: ${name}`, () => {
    const { pattern, subject } = tried(pathTries, name, size);
    return conditional(`Write(${pattern})`, 'Write', { file_path: subject });
  });
const lines = ([name, size]: readonly [string, number]): Attack =>
  requests(`command: ${name}`, () => {
    const { pattern, subject } = tried(lineTries, name, size);
    return conditional(`Bash(${pattern})`, 'Bash', { command: subject });
  });
const shells = ([name, size]: readonly [string, number]): Attack =>
  requests(`line of shell: ${name}`, () =>
    conditional('Bash(git push *)', 'Bash', { command: shellShapes[name]?.(size) }),
  );

export const patternAttacks: readonly Attack[] = [
  ...(
    [
      ['a lookahead', 60],
      ['a back-reference', 60],
      ['letters by property', 60],
      ['counts in counts', 60],
      ['any text as often as the name is long', 60],
      ['a word of words', 5_000],
      ['a large range', 1_000],
      ['groups in groups', 20_000],
    ] as const
  ).map(matchers),
  requests('glob: twelve stars', () =>
    matching('amazon-q', 'preToolUse', tried(globTries, 'twelve stars', 3_000)),
  ),
  requests('1,000 matchers on a long name', () => {
    const pattern = `(a|aa)+${'.*a'.repeat(6)}b`;
    const hooks = {
      PreToolUse: Array.from({ length: 1_000 }, (_, i) => ({
        matcher: `${pattern}${i}`,
        command: 'exit 0',
      })),
    };
    return evaluation({
      hooks,
      context: { hook_event_name: 'PreToolUse', tool_name: 'a'.repeat(60_000), tool_input: {} },
    });
  }),
  ...(
    [
      ['twelve stars', 3_000],
      ['a harmless pattern', 50_000],
      ['any folder and a letter', 20_000],
      ['repeated groups', 60],
      ['braces', 24],
      ['groups that must not match', 30],
    ] as const
  ).map(paths),
  ...([['many stars, many commands', 10_000]] as const).map(lines),
  ...(
    [
      ['assignments', 16_000],
      ['keywords', 21_000],
      ['substitutions in substitutions', 20_000],
    ] as const
  ).map(shells),
  requests('a condition of 100,000 letters', () =>
    conditional(`Write(${pieces(25_000, () => '{a,')})`, 'Write', { file_path: 'a' }),
  ),
];
