/** The fuzzing targets: readers, and the texts that they get. */
import { dialects } from '../../../src/agents/registry.ts';
import { openReaderThreads } from '../../../src/server/reading/reader.ts';
import { appUnderTest } from '../../server/app-under-test.ts';
import { globTries, lineTries, matcherTries, pathTries, type Tries } from '../hostile/patterns.ts';
import * as read from '../hostile/readers.ts';
import * as grammar from './grammars.ts';
import type { Random } from './random.ts';
import { changed, type Grammar, textOf } from './texts.ts';

export interface Target {
  readonly name: string;
  /** Makes the input: one text, or two that belong together. */
  readonly make: (random: Random) => readonly string[];
  readonly run: (...input: readonly string[]) => unknown;
  /** The maximum CPU milliseconds for which a run may block the main thread. */
  readonly mostMs: number;
}

/** The longest permitted block of a thread that other requests wait for. */
const stallMs = 250;
/**
 * The limit for readers of files on the command line, and of a server's documents where no other
 * request waits.
 */
const documentMs = 1_000;

const kib = 1 << 10;
/** The maximum size of documents. */
const mostText = 64 * kib;
/** The maximum size of bodies that the answering thread reads. */
const mostBody = 1_024 * kib;

const document = (name: string, one: Grammar, run: (text: string) => unknown): Target => ({
  ...reader(name, one, run, mostText),
  mostMs: documentMs,
});

const reader = (
  name: string,
  one: Grammar,
  run: (text: string) => unknown,
  most: number,
): Target => ({
  name,
  mostMs: stallMs,
  make: (random) => [textOf(one, random, most)],
  run: (text = '') => run(text),
});

/**
 * Patterns and texts with many possible matches, unchanged or with a part changed; or any others.
 */
const pair = (
  name: string,
  tries: Tries,
  grammars: readonly [Grammar, Grammar],
  run: (one: string, other: string) => unknown,
): Target => ({
  name,
  mostMs: stallMs,
  make: (random) => {
    const [first, second] = grammars;
    if (random.below(3) === 0)
      return [
        textOf(first, random, random.pick([24, 256, 4 * kib])),
        textOf(second, random, random.pick([64, 4 * kib, mostText])),
      ];
    const { pattern, subject } = random.pick(Object.values(tries))(random.size(8, 4 * kib));
    const spelt = random.below(2) === 0 ? pattern : changed(pattern, first, random, 4 * kib);
    return [spelt, random.below(2) === 0 ? subject : changed(subject, second, random, mostText)];
  },
  run: (one = '', other = '') => run(one, other),
});

/** The text selects the dialect, so that each run tests only one. */
const dialectOf = (text: string) =>
  dialects[text.length % dialects.length] as (typeof dialects)[number];

export const targets: readonly Target[] = [
  document('YAML', grammar.yaml, read.hooksFile),
  document('JSON with comments', grammar.comments, read.hooksFile),
  document('TOML', grammar.toml, read.hooksFile),
  document('agent files', grammar.agentFiles, read.hooksOfBody),
  document('hook test files', grammar.testFiles, read.testFile),
  document('tokens', grammar.tokenLists, read.tokens),
  reader('bodies', grammar.bodies, throughTheServer(), mostBody),
  reader('contexts', grammar.contexts, read.context, mostBody),
  reader('contexts with a transcript', grammar.contexts, read.contextWithTranscript, mostBody),
  pair(
    'matchers',
    { ...matcherTries, ...globTries },
    [grammar.expressions, grammar.subjects],
    (pattern, name) => read.matchOf(dialectOf(pattern).name, pattern, name),
  ),
  pair('conditions on paths', pathTries, [grammar.globs, grammar.subjects], read.pathOf),
  pair('conditions on commands', lineTries, [grammar.globs, grammar.shell], read.lineOf),
  reader('outputs', grammar.outputs, (text) => read.outputOf(dialectOf(text).name, text), mostBody),
  reader(
    'rewrites',
    grammar.outputs,
    (text) => {
      const { name, events } = dialectOf(text);
      return read.pipedOf(name, text, Object.keys(events)[0] as string);
    },
    mostBody,
  ),
  reader('lines of shell', grammar.shell, read.commands, mostText),
  document('commands in a project', grammar.shell, read.projectCommand),
  pair('lists of files', pathTries, [grammar.globs, grammar.subjects], read.listedOf),
  document('scripts', grammar.scripts, read.script),
  reader('messages', grammar.messages, parsedOr(read.messages), mostBody),
];

/** Skips texts that are not JSON, because they cannot pass the queue. */
function parsedOr(run: (text: string) => unknown): (text: string) => unknown {
  return (text) => {
    try {
      JSON.parse(text);
    } catch {
      return undefined;
    }
    return run(text);
  };
}

/**
 * Sends the text as a request, with a runner that does nothing. Large bodies are read on the worker
 * threads of `serve`.
 */
function throughTheServer(): (text: string) => Promise<unknown> {
  let app: ReturnType<typeof appUnderTest>['app'] | undefined;
  return async (text) => {
    app ??= appUnderTest({ bodyLimitBytes: 20 << 20, readerThreads: openReaderThreads() }).app;
    const headers = { 'content-type': 'application/json', host: 'localhost' };
    const answer = await app.inject({
      method: 'POST',
      url: '/v1/evaluate',
      headers,
      payload: text,
    });
    if (answer.statusCode === 500)
      throw new Error(`an answer of 500: ${answer.body.slice(0, 300)}`);
    return answer;
  };
}
