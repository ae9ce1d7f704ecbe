/** docs/dialects.md, made from the tables of src/agents/. */

import { dialects } from '../src/agents/registry.ts';
import { failModesOf } from '../src/files/compile-entry.ts';
import type { Dialect, EventRules } from '../src/protocol/dialect.ts';
import { eventRules } from '../src/protocol/dialect-lookup.ts';
import { exitRuns, matrix, outputRuns, spellingRuns } from './dialects-matrix.ts';
import { table } from './markdown-table.ts';

const intro = `# Dialects

<!-- \`npm run schema\` writes this page from the tables in src/agents/. -->

A dialect is the hook protocol of one agent system: what its scripts read, what their exit codes and
outputs mean, and how several hooks go together. A hooks file names it (\`dialect: claude-code\`), and so
does a request. hookpool gives an agent the decision that its own runtime would have given. Where that
runtime lets an action go ahead only because it could not read a "no", hookpool blocks, and the result says so.

## Where hookpool is stricter than every upstream

- **Every spelling of no is read under every dialect**; the strictest word counts. A script written for
  one agent and run under another would mostly fail open. A spelling that the agent itself does not know
  leaves the diagnostic \`foreign-spelling\`.
- **Exit code 2 blocks** wherever the event can be blocked by it, whatever else was printed.
- **A rejection without words is a rejection**: the text names the hook. Exceptions are the ends of a turn
  in \`azure\` and \`codex\`, which the systems define otherwise.
- **\`ask\` is never turned into allow.** Where nobody can be asked it counts as block.
- **A matcher that is no regular expression, or has a back-reference, never drops a hook.** Most systems drop such a
  hook without a word. In hookpool's own format and in Azure's documents it refuses the file, as an unknown event
  and an unknown key do. In an agent's own file the hook [counts as its failMode](hooks-file.md#hooks-that-cannot-run)
  at every tool, and an event or a key that the agent does not know is left out with a warning.
- **A rejection that can be read stands**, though it is not the only thing on stdout: behind or before other
  text, in an array, in a JSON string, among several objects, before the place where the JSON is broken (a
  guard that quotes a command with a quote or a line break in it). The result has the cause \`HOOK_OUTPUT_MALFORMED\`
  and the diagnostic \`stricter-than-upstream\`. Where failMode is neither \`block\` nor \`ask\`, two things stay the texts that
  upstream takes them for: text that the event hands on as context (it may quote a rejection), and a JSON
  string where a JSON string is a text.
- **Equal keys of one object each count**, at any depth and in any spelling (\`"\\u0064ecision"\`): the
  strictest counts where one rejects or asks, with the diagnostic \`ambiguous-output\`. Else the output is
  malformed (\`the key /decision is there twice\`). JSON.parse would take the last one, and a guard that
  quotes the command it blocks could be talked into an allow.
- **failMode: block** of a hook closes every way of giving no decision, timeouts and unreadable output too, and so does
  **failMode: ask**, which asks where the event lets hooks ask a person and blocks elsewhere,
  whatever the dialect does by default: broken JSON, an array, a verdict beside other text that does not
  reject, braces with the name of a verdict (\`{decision: block}\`), a rejection or an ask under a misspelt name
  or in a place where no verdict is read (\`{"Decision":"block","reason":"no"}\`). Inputs of tools and contexts
  are not searched for one. A rejection on stderr counts where stdout
  is no object and the exit code is 0. Text in which no verdict can be is text. \`failMode: allow\` opens what
  the dialect would close, except exit codes from 3 on with a text under \`gemini-cli\`, which are a verdict there.
- **A program that failed on the way to exit code 0** closes a hook with failMode \`block\` or \`ask\` that gave no verdict, with
  the cause \`HOOK_TOOL_FAILED\`: a script that does not check \`jq\` goes on with an empty variable and exits with 0,
  as if it had looked. What counts is a line on stderr in the exact form of the program's own message: \`hook: line 3:
  git: command not found\` of bash, dash, env, timeout or xargs; a script that an interpreter cannot open; a traceback of
  Python, and \`No module named …\`, also in a \`systemMessage\`; a parse error of jq, options that it refuses, and any
  other \`jq: error\` but a list that is not there, a file that cannot be opened and a closed pipe; a test or an
  expression that the shell cannot evaluate, a variable that is not set under \`set -u\`, and a program that a signal
  has ended; a pattern, a program or an input that grep, sed, awk or base64 refuses. A missing file, a read-only folder,
  a permission that is denied, an option that another program refuses and an error of Python without its traceback are
  diagnostics only, since the script may expect them. \`ignoreToolErrors: true\` makes all of them diagnostics.
- **The end of a turn** can be rejected 8 times in a row, or \`maxRejections\` of the hook. Claude Code, Copilot and Qwen
  Code have the same limit themselves; Codex and Gemini CLI have none, and each turn is a call of a model.
- **An output is read within limits**: 10,000 values, 64 levels, 10,000 keys of an object that exceeds them,
  1,000 lines of progress or control lines, 1,000 opening braces and 1 MiB in other text. What exceeds them
  and does not reject is malformed, and the message names the limit.
- A verdict stands when the script's main process has ended, also while a child of it holds stdout.

Places where a single dialect is stricter are listed with it below; there the result has the
diagnostic \`stricter-than-upstream\`.
`;

export function dialectsPage(): string {
  const parts = [
    intro,
    `## At a glance\n\n${table(['dialect', 'system', 'timeout', 'matcher', 'order', 'same hook twice'], dialects.map(glance))}`,
    `## Several hooks\n\nThe strictest decision counts everywhere: block, ask, allow, none.\n\n${table(['dialect', 'reasons', 'contexts', 'new tool input'], dialects.map(together))}`,
    matrix(
      'Before a tool runs: exit codes',
      'A hook that does not say what its failMode is.',
      exitRuns,
    ),
    matrix(
      'Before a tool runs: output on exit code 0',
      'Texts and objects that are no verdict.',
      outputRuns,
    ),
    matrix(
      'Before a tool runs: spellings on exit code 0',
      '`*`: foreign, read all the same.',
      spellingRuns,
    ),
    ...dialects.map(section),
  ];
  return `${parts.join('\n\n').trim()}\n`;
}

const matchers = (dialect: Dialect) => {
  const { anchored, emptyMatches, exactList, kind } = dialect.matcher;
  const how =
    kind === 'glob' ? 'name with `*`' : anchored ? 'regex, whole name' : 'regex, any part';
  const lists =
    exactList === undefined
      ? ''
      : `; plain names are exact${exactList === 'bars' ? ', lists with bars' : ', lists with bars or commas'}`;
  return `${how}${lists}; empty: ${emptyMatches}`;
};

function glance(dialect: Dialect): string[] {
  const { name, about, defaultTimeoutMs, order, dedupe } = dialect;
  const twice = dedupe === 'none' ? 'runs twice' : `once (${dedupe.replaceAll('-', ' ')})`;
  return [
    `[${name}](#${name})`,
    about,
    `${defaultTimeoutMs / 1000} s`,
    matchers(dialect),
    order,
    twice,
  ];
}

function together({ name, reasons, contexts, rewrite, blockDropsRewrite }: Dialect): string[] {
  const of = {
    first: 'that of the first',
    winning: 'of all that decided, by',
    all: 'of all hooks, by',
  }[reasons.of];
  const input = {
    none: 'none',
    replace: 'replaces, the last counts',
    merge: 'shallow merge, in order',
    union: 'those of all hooks, merged in order, replace it',
  }[rewrite];
  return [
    name,
    reasons.of === 'first' ? of : `${of} ${reasons.joint.replace('-', ' ')}`,
    contexts === 'last' ? 'the last' : `by ${contexts.replace('-', ' ')}`,
    `${input}${blockDropsRewrite ? '; none beside a block' : ''}`,
  ];
}

function section(dialect: Dialect): string {
  const { name, about, events, deviations, notes, blockReasonFrom, exit } = dialect;
  const json = {
    'exit-0': 'on exit code 0',
    rejections: 'on exit code 0, and elsewhere where it says no',
    any: 'on every exit code',
  };
  const header = [
    'event',
    'blocked by',
    'ask',
    'matcher',
    'plain text',
    '`continue: false`',
    'default failMode',
  ];
  const rows = Object.keys(events).map((event) => eventRow(dialect, event));
  const stdin = `The event is named by ${quoted(dialect.eventKeys)}, the tool by ${quoted(dialect.toolName)}; its input is ${quoted(dialect.toolInput)}.`;
  const points = [
    ...Object.values(deviations).map((text) => `- Stricter: ${text}`),
    ...otherNames(dialect),
    ...notes.map((note) => `- ${note}`),
  ];
  return [
    `## ${name}`,
    `${about}. JSON is read ${json[exit.json]}. The reason of an exit code 2 is the first of: ${blockReasonFrom.join(', ')}.`,
    stdin,
    table(header, rows),
    ...(points.length === 0 ? [] : [points.join('\n')]),
  ].join('\n\n');
}

function otherNames({ matcherAliases = {} }: Dialect): string[] {
  const listed = new Set<string>();
  const names = Object.entries(matcherAliases).flatMap(([tool, others]) => {
    const unlisted = others.filter((other) => !listed.has(other));
    listed.add(tool);
    return unlisted.length === 0 ? [] : [`\`${tool}\` by ${quoted(unlisted)}`];
  });
  if (names.length === 0) return [];
  return [`- Matchers and conditions also match other names of a tool: ${names.join(', ')}.`];
}

function quoted(keys: readonly string[]): string {
  return keys.map((key) => `\`${key}\``).join(' or ');
}

function eventRow(dialect: Dialect, event: string): string[] {
  const rules = eventRules(dialect, event);
  const { failMode } = failModesOf({ dialect, event }, undefined);
  const late = rules.timeoutFailMode === undefined ? '' : `; timeout ${rules.timeoutFailMode}`;
  const matched = rules.usesMatcher ? (rules.matchOn ?? 'tool name') : 'ignored';
  return [
    event,
    blockers(rules),
    rules.canAsk ? 'yes' : '',
    matched,
    rules.text,
    rules.continueFalse,
    `${failMode}${late}`,
  ];
}

function blockers(rules: EventRules): string {
  if (!rules.canBlock)
    return rules.exit2 === 'block' ? 'nothing' : `nothing; exit 2: ${rules.exit2}`;
  return rules.exit2 === 'block' ? 'exit 2, JSON' : `JSON; exit 2: ${rules.exit2}`;
}
