/**
 * What an output costs to read is bounded and linear, whatever a script prints, in every dialect.
 */
import { expect, it } from 'vitest';
import { dialects } from '../../../src/agents/registry.ts';
import type { HookResult } from '../../../src/protocol/decision.ts';
import { decide } from '../../../src/protocol/verdict/decide.ts';
import { cpuMs } from '../../support/cost.ts';
import { exited, sampleHook } from '../samples.ts';

/** The most that is read of stdout. */
const mebibyte = 1 << 20;

const repeated = (piece: string) => (bytes: number) =>
  piece.repeat(Math.floor(bytes / piece.length));
const within = (before: string, piece: string, after: string) => (bytes: number) =>
  `${before}${repeated(piece)(bytes - 40)}${after}`;

function keys(bytes: number): string {
  return `{${Array.from({ length: bytes / 12 }, (_, index) => `"k${index}":0`).join()}}`;
}

const shapes: Readonly<Record<string, (bytes: number) => string>> = {
  'lines of {}': repeated('{}\n'),
  'many keys': keys,
  'equal keys': within('{', '"decision":"allow",', '"ok":true}'),
  'equal keys nested': repeated('{"decision":"a","decision":"b","x":{'),
  'opening brackets': repeated('['),
  'opening braces': repeated('{'),
  'nested objects': repeated('{"a":'),
  'nested outputs': repeated('{"hookSpecificOutput":{"permissionDecision":'),
  'nested objects before blanks': (bytes) => `${'{"a":'.repeat(63)}${' '.repeat(bytes - 400)}`,
  quotes: repeated('"'),
  backslashes: repeated('\\'),
  'escaped quotes': within('"', '\\"', ''),
  'quoted braces': repeated('"{'),
  'strings that do not end': (bytes) => repeated('{"a":"')(bytes / 2) + repeated('\\"')(bytes / 2),
  'JSON in JSON in JSON': (bytes) =>
    JSON.stringify(JSON.stringify(JSON.stringify(repeated('{"ok":true}')(bytes / 8)))),
  'control lines': repeated('HOOK_CONTROL\t{"cancel":false}\n'),
  'lines of progress': repeated('{"type":"progress"}\n'),
  'the word progress': repeated('progress\n'),
  'an array of objects': within('[', '{"decision":"allow"},', '{}]'),
  'lines of objects': repeated('{"decision":"allow"}\n'),
  'an array of numbers': within('[', '0,', '0]'),
  'a list of reasons': within('{"decision":"block","reason":[', '"",', '""]}'),
  'a new input as text': (bytes) =>
    JSON.stringify({ updatedInput: within('{"a":[', '0,', '0]}')(bytes) }),
  'mentions of keys': repeated('ok decision {'),
  blanks: within('x', ' ', 'x'),
  newlines: within('x', '\n', 'x'),
  digits: repeated('1'),
  'a long key': within('{"', 'k', '":1}'),
  'a long word': within('{"decision":"', 'k', '"}'),
  'NUL characters': repeated('\0'),
  'no UTF-8': repeated('\u00e9'),
};

/**
 * A core of its own needs a tenth of it. Processors are shared here, and code whose coverage is
 * counted is several times slower.
 */
const mostMs = 300;

/** Milliseconds of processor time in each dialect. */
function costs(text: string, exitCode: number): number[] {
  const bytes = Buffer.from(text, 'latin1');
  const run = exited(exitCode, bytes, bytes.subarray(0, 65_536));
  return dialects.map((dialect) => {
    const event = Object.keys(dialect.events).find(
      (name) => dialect.events[name]?.canBlock === true,
    );
    const hook = sampleHook({ event: String(event), failMode: 'block' });
    let result: HookResult | undefined;
    const once = cpuMs(() => {
      result = decide(dialect, hook, run);
    }, 1);
    expect(JSON.stringify([result?.cause, result?.diagnostics]).length).toBeLessThan(6_000);
    return once < mostMs ? once : cpuMs(() => decide(dialect, hook, run));
  });
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((before, one) => before + one, 0);
}

it.each(Object.entries(shapes))(
  'a mebibyte of %s costs little, and half of it about half',
  { timeout: 60_000 },
  (_, shape) => {
    const half = costs(shape(mebibyte / 2), 0);
    const whole = costs(shape(mebibyte), 0);
    expect(Math.max(...whole, ...costs(shape(mebibyte), 2))).toBeLessThan(mostMs);
    expect(sum(whole)).toBeLessThan(3 * sum(half) + dialects.length * 3);
  },
);
