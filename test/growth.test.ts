/**
 * Whatever reads what somebody else wrote takes no more than in proportion to it: a reader is fed
 * n, 2n, 4n, … of each shape. Time that more than triples, or memory that more than quadruples, is
 * that of a reader that one caller can hold for all.
 */
import { describe } from 'vitest';
import { grows, matches } from './support/growth-cases.ts';
import { tokenShapes } from './support/hostile/files.ts';
import { messageShapes, scriptShapes } from './support/hostile/messages.ts';
import { globTries, lineTries, matcherTries, pathTries } from './support/hostile/patterns.ts';
import * as read from './support/hostile/readers.ts';
import type { Shapes } from './support/hostile/shapes.ts';
import { contextPlaces, jsonShapes, outputShapes, shellShapes } from './support/hostile/values.ts';

describe('a list of tokens:', () => grows(tokenShapes, read.tokens));

describe('a body:', () => {
  grows(jsonShapes, read.body);
  grows(
    { 'unknown keys': (n) => `{"context":{},${jsonShapes['members']?.(n).slice(1)}` },
    read.body,
  );
});

const inContext = (place: string) =>
  mapped(jsonShapes, contextPlaces[place] as (value: string) => string);

describe('a context with a value as the input:', () =>
  grows(inContext('as the input'), read.context, { n: 1_024 }));

describe('a context with a value beside the input, and a transcript:', () => {
  grows(inContext('beside the input'), read.contextWithTranscript, { n: 1_024 });
});

describe('what a script prints, in every dialect:', () => {
  grows(outputShapes, read.output, { n: 16, largest: 65_536 });
});

describe('a rewrite for the next hook:', () => {
  const cases = [
    ['gemini-cli', 'BeforeTool', '{"hookSpecificOutput":{"tool_input":'],
    ['gemini-cli', 'BeforeModel', '{"hookSpecificOutput":{"llm_request":'],
    ['agentpool', 'pre_tool_use', '{"modified_input":'],
    ['crush', 'PreToolUse', '{"updated_input":'],
    [
      'claude-code',
      'PreToolUse',
      '{"hookSpecificOutput":{"hookEventName":"PreToolUse","permissionDecision":"allow","updatedInput":',
    ],
  ] as const;
  describe.each(cases)('%s, %s', (dialect, event, opening) => {
    const closing = '}'.repeat(opening.split('{').length - 1);
    const { members, depth, texts } = jsonShapes as Record<
      'members' | 'depth' | 'texts',
      (n: number) => string
    >;
    const values = mapped({ members, depth, texts }, (value) => `${opening}${value}${closing}`);
    grows(values, (text) => read.pipedOf(dialect, text, event), { n: 16, largest: 65_536 });
  });
});

describe.each(['azure', 'agentpool'])('a matcher of %s on a name:', (dialect) => {
  matches(matcherTries, (pattern, subject) => read.matchOf(dialect, pattern, subject));
});

describe('a matcher of amazon-q, a glob, on a name:', () => {
  matches(globTries, (pattern, subject) => read.matchOf('amazon-q', pattern, subject));
});

describe('a condition on a path:', () => matches(pathTries, read.pathOf));

describe('a condition on a line of shell:', () => {
  matches(lineTries, read.lineOf);
  grows(shellShapes, (line) => read.lineOf('git push *', line));
});

describe('the commands of a line:', () => grows(shellShapes, read.commands));

describe('the command of a hook in a project:', () => {
  const filled =
    (part: string, start = '') =>
    (n: number) =>
      start + part.repeat(Math.ceil(n / part.length));
  const shapes: Shapes = {
    'variables of the agent in one word': filled('$CLAUDE_X ', '"'),
    'values of variables': filled('A=$A/b '),
    'uses of a loop': filled('bash "$f"; ', 'for f in a b c; do '),
    globs: filled('a/* '),
    'alternatives that lack': filled('x=$(./n || ./m); '),
    'alternatives in one list': filled('./n || '),
    'values of one variable': filled('A=$A/b; bash $A/x; '),
    'programs before a script': filled('npx x; ', 'bash a; '),
  };
  grows({ ...shellShapes, ...shapes }, read.projectCommand);
});

describe('a python script of a project:', () => {
  const repeated =
    (part: string, end = '') =>
    (n: number) =>
      part.repeat(Math.ceil(n / part.length)) + end;
  const shapes: Shapes = {
    imports: repeated('import a, b\n'),
    'imports without an end': repeated('from '),
    names: repeated('a'),
    assignments: repeated('a = ["b", '),
    calls: repeated('run([', 'x'),
    brackets: repeated('open('),
    'writes in one line': repeated("open(x,'w') "),
    functions: repeated('def a(b):\n run(b)\n'),
    'texts of shells': repeated('os.system("a; b") '),
    'paths of the project': repeated('a = os.getcwd()\ncwd / b\n'),
    'folders of the project': repeated('Path(cwd) / f"{'),
    'appended files': repeated('open("/tmp/x", "a"'),
    quotes: repeated('"'),
    'texts in three quotes': repeated('"""a'),
    types: repeated('if TYPE_CHECKING:\n  import a\n'),
  };
  grows(shapes, read.pythonScript);
});

describe('a list of files on a path:', () => matches(pathTries, read.listedOf));

describe('a script:', () => grows(scriptShapes, read.script));

describe('the prompt of a judge:', () => {
  const begun = (opening: string, piece: string) => (n: number) =>
    opening + piece.repeat(Math.ceil(n / piece.length));
  const shapes: Shapes = {
    'blanks in an open action': begun('{{', ' '),
    'dashes in an open action': begun('{{-', ' -'),
    'a word in an open action': begun('{{ .', 'A'),
    'open actions': begun('', '{{ '),
    'filters of an action': (n) => `{{ .A${'| toJSON '.repeat(Math.ceil(n / 9))}! }}`,
    'digits of an action': (n) => `{{ truncate ${'1'.repeat(n)} }}`,
    'open placeholders': begun('', '${a'),
    dollars: begun('', '$'),
    backslashes: begun('', '\\'),
  };
  // Longer ones are refused unread.
  grows(shapes, read.prompt, { largest: 65_536 });
});

describe('a message of the queue:', () => grows(messageShapes, read.messages));

function mapped(shapes: Shapes, place: (text: string) => string): Shapes {
  return Object.fromEntries(
    Object.entries(shapes).map(([name, make]) => [name, (n) => place(make(n))]),
  );
}
