/**
 * Hooks of any dialect before an agent of any other: what they decided is never told more mildly.
 */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { answersTo, dialects } from '../../src/agents/registry.ts';
import { answerDecision } from '../../src/answering/answer-decision.ts';
import { parseContext } from '../../src/protocol/context.ts';
import type { HookResult } from '../../src/protocol/decision.ts';
import type { Dialect } from '../../src/protocol/dialect.ts';
import { foldName } from '../../src/protocol/dialect-lookup.ts';
import { combine } from '../../src/protocol/verdict/combine.ts';
import { bytes } from '../protocol/samples.ts';
import { inputsAfter } from './input-readers.ts';
import { readers } from './readers.ts';

interface Pair {
  readonly hooks: Dialect;
  readonly agent: Dialect;
  /** As the agent and as the dialect of the hooks spell it. */
  readonly event: string;
  readonly known: string;
}

const pairs = dialects.flatMap((hooks) =>
  dialects.flatMap((agent) =>
    Object.keys(agent.events).flatMap((event) => {
      const known = Object.keys(hooks.events).find((name) => foldName(name) === foldName(event));
      return known === undefined ? [] : [{ hooks, agent, event, known }];
    }),
  ),
);
const kindOf = ({ agent, event }: Pair) => answersTo(agent.name, event).answers.kind;
const beforeTools = pairs.filter((pair) => kindOf(pair) === 'pre-tool');

/** What the agent reports, with the input under its own name. */
function contextOf({ agent, event }: Pair, input: object): Uint8Array {
  const eventKey = String(agent.eventKeys[0]);
  const own = String(agent.toolInput[0]).split('.');
  const placed = own.reduceRight<object>((inner, key) => ({ [key]: inner }), input);
  return bytes(JSON.stringify({ [eventKey]: event, tool_name: 'Bash', source: 'x', ...placed }));
}

function tell(pair: Pair, results: readonly Partial<HookResult>[], input: object = {}) {
  const { hooks, agent, event, known } = pair;
  const context = contextOf(pair, input);
  const toolInput = parseContext(hooks, { bytes: context, event: known }).tool?.toolInput;
  const whole = results.map((result) => ({ ...nothing, event: known, ...result }));
  const decision = combine(hooks, {
    event: known,
    results: whole,
    skipped: [],
    durationMs: 1,
    toolInput,
  });
  const answer = answerDecision(agent.name, decision, context);
  return { decision, answer, read: readers[agent.name]?.(event, answer) };
}

const nothing: Omit<HookResult, 'event'> = {
  hook: 'h',
  tier: 'agent',
  decision: 'none',
  cause: { kind: 'output' },
  diagnostics: [],
  facts: null,
  durations: { queueMs: 0, leaseMs: 0, runMs: 0, totalMs: 0 },
};

const blocks = ({ agent, event }: Pair) => answersTo(agent.name, event).answers.blocks;
const named = ({ hooks, agent, event }: Pair) => `${hooks.name} for ${agent.name} at ${event}`;

test('there are hundreds of pairs, of every dialect', () => {
  expect(pairs.length).toBeGreaterThan(500);
  for (const { name } of dialects)
    expect(beforeTools.filter(({ agent }) => agent.name === name).length, name).toBeGreaterThan(0);
});

test('a block is a block wherever the agent obeys one', () => {
  for (const pair of pairs.filter(blocks)) {
    expect(
      tell(pair, [{ decision: 'block', reason: 'no' }, { decision: 'allow' }]).read,
      named(pair),
    ).toBe('block');
  }
});

test('an ask is asked or a block, or left to the dialog that comes anyway', () => {
  for (const pair of pairs.filter(blocks)) {
    const expected = kindOf(pair) === 'permission' ? ['ask', 'block', 'silent'] : ['ask', 'block'];
    expect(expected, named(pair)).toContain(
      tell(pair, [{ decision: 'ask', reason: 'sure?' }, { decision: 'allow' }]).read,
    );
  }
});

const value = fc.oneof(
  fc.string(),
  fc.constantFrom(null, 0, 1.5, true, '', [], {}, { command: 'x' }, ['a']),
);
const members = fc.dictionary(fc.constantFrom('command', 'path', 'a', 'b'), value, { maxKeys: 3 });
const result: fc.Arbitrary<Partial<HookResult>> = fc.record(
  {
    decision: fc.constantFrom('block', 'ask', 'allow', 'none'),
    reason: fc.constantFrom('why', ''),
    additionalContext: fc.constantFrom('look', ''),
    updatedInput: fc.oneof({ weight: 5, arbitrary: members }, { weight: 1, arbitrary: value }),
    extra: fc.constantFrom({ metadata: 1 }, { updatedToolOutput: 'x' }),
    continue: fc.boolean(),
  },
  { requiredKeys: ['decision'] },
);
const plain = (value: unknown) => JSON.parse(JSON.stringify(value)) as unknown;
const runs = { seed: 20_261_121, numRuns: 1_500 };

/** Half of them can be told of another input: there is more to go wrong. */
const rewritable = beforeTools.filter(
  (pair) => answersTo(pair.agent.name, pair.event).answers.input !== undefined,
);
const anyPair = fc.oneof(fc.constantFrom(...beforeTools), fc.constantFrom(...rewritable));

test('a tool never runs against a block or an ask, and never with another input than the hooks made of it', () => {
  const property = (pair: Pair, results: readonly Partial<HookResult>[], input: object) => {
    const { decision, answer, read } = tell(pair, results, input);
    expect(['block', 'ask', 'silent'], named(pair)).toContain(read);
    if (read === 'block') return;
    expect(decision.decision, named(pair)).not.toBe('block');
    if (decision.decision === 'ask') expect(read, named(pair)).toBe('ask');
    const { updatedInput } = decision;
    const patched =
      pair.hooks.rewrite === 'merge' ? { ...input, ...(updatedInput as object) } : updatedInput;
    const wanted = plain(updatedInput === undefined ? input : patched);
    for (const after of inputsAfter(pair.agent.name, answer, plain(input)))
      expect(after, named(pair)).toEqual(wanted);
    if (updatedInput !== undefined) expect(pair.hooks.rewrite, named(pair)).not.toBe('none');
  };
  fc.assert(
    fc.property(anyPair, fc.array(result, { minLength: 1, maxLength: 3 }), members, property),
    runs,
  );
});

test('a changed input reaches every agent that can be told of one, from hooks of every dialect that can change it', () => {
  for (const pair of beforeTools.filter(({ hooks }) => hooks.rewrite !== 'none')) {
    const { answers } = answersTo(pair.agent.name, pair.event);
    const { read } = tell(pair, [{ updatedInput: { command: 'ls', path: '/' } }], {
      command: 'rm',
    });
    expect(read, named(pair)).toBe(answers.input === undefined ? 'block' : 'silent');
  }
});
