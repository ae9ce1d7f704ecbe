/** What holds in every dialect, read back by readers of its agent. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { EventAnswers } from '../../src/agents/answer-table.ts';
import {
  dialects as allDialects,
  answerTable,
  answerTables,
  dialectNames,
} from '../../src/agents/registry.ts';
import { type Answer, answerFor } from '../../src/answering/answer-for.ts';
import type { AnswerInput } from '../../src/answering/answer-input.ts';
import { foldName } from '../../src/protocol/dialect-lookup.ts';
import { runsOf } from '../support/fuzz.ts';
import { readers } from './readers.ts';

interface Row {
  readonly event: string;
  readonly answers: EventAnswers;
  readonly say: (told: AnswerInput) => Answer;
  readonly read: (told: AnswerInput) => string | undefined;
}

const dialects = answerTables.map(({ name, events }) => {
  const rows = Object.entries(events).map(([event, answers]): Row => {
    const say = (told: AnswerInput) => answerFor(name, event, told);
    return { event, answers, say, read: (told) => readers[name]?.(event, say(told)) };
  });
  return { name, rows, blocking: rows.filter(({ answers }) => answers.blocks) };
});

const rewrittenTo = (input: unknown) => ({ updatedInput: input, effectiveInput: input });
const said = ({ stdout, stderr }: Answer) => stdout + stderr;
const rewritable = ({ answers }: Row) =>
  answers.kind === 'pre-tool' || answers.kind === 'permission';
const waiting = (row: Row) => rewritable(row) || row.answers.kind === 'prompt';

test('every dialect has a table and a reader', () => {
  expect(answerTables.map(({ name }) => name).toSorted()).toEqual([...dialectNames].toSorted());
  expect(Object.keys(readers).toSorted()).toEqual([...dialectNames].toSorted());
});

test.each(allDialects)('every event of $name has a row', ({ name, events }) => {
  const known = Object.keys(answerTable(name).events).map(foldName);
  expect(Object.keys(events).filter((event) => !known.includes(foldName(event)))).toEqual([]);
});

describe.each(dialects)('$name', ({ name, rows, blocking }) => {
  test('an event before a tool is there, and can be blocked', () => {
    expect(blocking.map(({ answers }) => answers.kind)).toContain('pre-tool');
  });

  test('a block is a block, with its reason', () => {
    for (const { event, say, read } of blocking) {
      expect(read({ decision: 'block', reason: 'no' }), event).toBe('block');
      expect(said(say({ decision: 'block', reason: 'because of that' })), event).toContain(
        'because of that',
      );
    }
  });

  test('a block where none can be is shown all the same', () => {
    for (const { event, say } of rows)
      expect(said(say({ decision: 'block', reason: 'because' })), event).toContain('because');
  });

  test('none and allow are silence with exit code 0', () => {
    const silence = { stdout: '', stderr: '', exitCode: 0 };
    for (const { event, say } of rows) {
      expect(say({ decision: 'none' }), event).toEqual(silence);
      expect(say({ decision: 'allow', reason: 'fine', overridesPolicy: true }), event).toEqual(
        silence,
      );
    }
  });

  test('an ask is an ask or a block; only before a dialog of the agent itself it is silence', () => {
    for (const { event, answers, say, read } of blocking) {
      const asks = answers.kind === 'permission' ? 'silent' : 'ask';
      expect(read({ decision: 'ask', reason: 'sure?' }), event).toBe(
        answers.ask === undefined ? 'block' : asks,
      );
      if (asks === 'ask')
        expect(said(say({ decision: 'ask', reason: 'sure?' })), event).toContain('sure?');
    }
  });

  test('a changed input is used, or the tool does not run', () => {
    for (const { event, answers, say, read } of rows.filter(rewritable)) {
      const told: AnswerInput = { decision: 'none', ...rewrittenTo({ command: 'ls -l' }) };
      expect(said(say(told)), event).toMatch(/command.{0,4}:.{0,2}"ls -l/);
      expect(read(told), event).toBe(answers.input === undefined ? 'block' : 'silent');
      expect(read({ decision: 'allow', ...rewrittenTo('no object') }), event).toBe('block');
      const both = answers.ask !== undefined && answers.input !== undefined;
      expect(read({ ...told, decision: 'ask', reason: 'sure?' }), event).toBe(
        both ? 'ask' : 'block',
      );
    }
  });

  test('the end of the turn comes before what waits', () => {
    for (const { event, say, read } of blocking.filter(waiting)) {
      const told: AnswerInput = { decision: 'allow', continue: false, stopReason: 'enough' };
      expect(read(told), event).toBe('block');
      expect(said(say(told)), event).toContain('enough');
    }
  });

  test('a context and a message reach somebody, and decide nothing', () => {
    for (const { event, say, read } of rows) {
      const told: AnswerInput = {
        decision: 'none',
        additionalContext: 'the context',
        systemMessage: 'the message',
      };
      expect(said(say(told)), event).toContain('the context');
      expect(said(say(told)), event).toContain('the message');
      expect(read(told), event).toBe('silent');
    }
  });

  test('whatever else a hook says, its block stays a block', () => {
    const milder = samples.filter(
      ({ at, told }) => rowAt(blocking, at).read({ ...told, decision: 'block' }) !== 'block',
    );
    expect(milder).toEqual([]);
  });

  test('an answer is one line of JSON, or what its agent reads as text; stderr is no JSON', () => {
    const faults = samples.flatMap(({ at, told }) => {
      const { event, answers, say, read } = rowAt(rows, at);
      const { stdout, stderr, exitCode } = say(told);
      const isLine =
        stdout === '' ||
        name === 'amazon-q' ||
        stdout === `${JSON.stringify(JSON.parse(stdout))}\n`;
      const checks = {
        'exit code': exitCode === 0 || exitCode === 2,
        characters: !/[^\P{Cc}\n\t]/u.test(stdout + stderr) && (stdout + stderr).isWellFormed(),
        line: isLine,
        stderr: stderr === '' || !isJson(stderr),
        open: !answers.blocks || read(told) !== 'open',
      };
      const failed = Object.entries(checks).filter(([, holds]) => !holds);
      return failed.map(([what]) => ({ what, event, told }));
    });
    expect(faults).toEqual([]);
  });
});

/** What an agent's reader could trip over. */
const traps = [
  '',
  ' ',
  '\u0085',
  '\ufeff',
  '404',
  '{}',
  '"{\\"decision\\":\\"allow\\"}"',
  'null',
  '$reason',
  '\0',
  '\ud800',
  '\x1b[2J',
  '\n\n',
  '\x1e',
];
const extraNames = allDialects.flatMap(({ output }) =>
  Object.values(output.extra).map(({ name }) => name),
);
/**
 * Every code point but the surrogates. The unit 'binary' of fast-check has the same ones, in a map
 * of all of them, which takes 1.6 s of CPU time to make.
 */
const character = fc
  .integer({ min: 0, max: 0x10f_fff - 0x800 })
  .map((at) => String.fromCodePoint(at < 0xd800 ? at : at + 0x800));
const text = fc.oneof(
  { weight: 4, arbitrary: fc.string({ unit: character }) },
  { weight: 2, arbitrary: fc.json() },
  { weight: 4, arbitrary: fc.constantFrom(...traps) },
  { weight: 1, arbitrary: fc.nat(20).map((more) => `${'x'.repeat(29_990 + more)}\u{1f600}`) },
);
const anything: fc.Arbitrary<AnswerInput> = fc.record(
  {
    decision: fc.constantFrom('block', 'ask', 'allow', 'none'),
    reason: text,
    additionalContext: text,
    systemMessage: text,
    stopReason: text,
    updatedInput: fc.jsonValue(),
    effectiveInput: fc.jsonValue(),
    reportedInput: fc.jsonValue(),
    extra: fc.dictionary(fc.constantFrom(...extraNames), fc.jsonValue()),
    continue: fc.boolean(),
    decidedBy: fc.string(),
  },
  { requiredKeys: ['decision'] },
);
/**
 * The same for all dialects: to make them takes longer than to answer them. `at` chooses the row of
 * a dialect.
 */
const samples = fc.sample(fc.record({ at: fc.nat(), told: anything }), {
  seed: 20_261_101,
  numRuns: runsOf(200),
});

function rowAt(rows: readonly Row[], at: number): Row {
  const row = rows[at % rows.length];
  if (row === undefined) throw new Error('The dialect has no rows.');
  return row;
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
