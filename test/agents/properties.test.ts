/** What must hold under every dialect, whatever scripts print and however they end. */
import fc from 'fast-check';
import { describe, it } from 'vitest';
import { dialects } from '../../src/agents/registry.ts';
import { decisionKinds, type HookResult } from '../../src/protocol/decision.ts';
import type { Dialect } from '../../src/protocol/dialect.ts';
import { eventRules } from '../../src/protocol/dialect-lookup.ts';
import { failureCodes } from '../../src/protocol/failure-codes.ts';
import { runStatuses } from '../../src/protocol/run.ts';
import { combine } from '../../src/protocol/verdict/combine.ts';
import { decide } from '../../src/protocol/verdict/decide.ts';
import { exited, sampleHook } from '../protocol/samples.ts';
import { runsOf } from '../support/fuzz.ts';

/** Of each of six properties under each dialect. */
const seed = { seed: 20_261_121, numRuns: runsOf(100) };

/** Keys and words of all dialects, in any combination. */
const key = fc.constantFrom(
  ...[
    'decision',
    'permission',
    'permissionDecision',
    'permission_decision',
    'ok',
    'continue',
    'cancel',
    'halt',
    'reason',
  ],
  ...[
    'hookEventName',
    'hook_event_name',
    'additionalContext',
    'updatedInput',
    'updated_input',
    'systemMessage',
    'stopReason',
  ],
  ...['suppressOutput', 'context', 'toString', '__proto__', 'zzz', 'a.b', 'type'],
);
const word = fc.constantFrom<unknown>(
  'allow',
  'approve',
  'block',
  'deny',
  'ask',
  'defer',
  'blok',
  '',
  'PreToolUse',
  true,
  false,
  null,
  7,
);
const flat = fc.dictionary(key, word, { maxKeys: 4 });
const nest = fc.constantFrom('hookSpecificOutput', 'hook_specific_output');
const output = fc
  .tuple(flat, fc.option(fc.tuple(nest, fc.oneof(flat, word))))
  .map(([own, inner]) => (inner === null ? own : { ...own, [inner[0]]: inner[1] }));
const stdout = fc.oneof(
  output.map((value) => JSON.stringify(value)),
  fc.json(),
  fc.string(),
  fc.uint8Array({ maxLength: 60 }),
  fc.constantFrom(
    'HOOK_CONTROL\t{"cancel":true}',
    '"{\\"decision\\":\\"deny\\"}"',
    '{} {}',
    '[',
    '{"type":"progress"}',
  ),
);
const hookShape = fc.record({
  failMode: fc.constantFrom('allow' as const, 'block' as const),
  failModeIsDefault: fc.boolean(),
  strictOutput: fc.boolean(),
  quiet: fc.boolean(),
});
const run = fc.record({
  exitCode: fc.constantFrom(null, 0, 1, 2, 3, 49, 127),
  stdout,
  stderr: fc.oneof(fc.constant(''), fc.string(), stdout),
  status: fc.oneof(
    { weight: 9, arbitrary: fc.constant('exited' as const) },
    { weight: 1, arbitrary: fc.constantFrom(...runStatuses) },
  ),
  over: hookShape,
});
type Ran = typeof run extends fc.Arbitrary<infer T> ? T : never;

function decided(dialect: Dialect, event: string, ran: Ran): HookResult {
  const hook = sampleHook({ event, ...ran.over });
  const outcome = exited(ran.exitCode, ran.stdout, ran.stderr);
  return decide(dialect, hook, { ...outcome, status: ran.status });
}

function together(dialect: Dialect, event: string, results: readonly HookResult[]) {
  return combine(dialect, {
    event,
    results,
    skipped: [],
    durationMs: 0,
    toolInput: { command: 'ls' },
  });
}

describe.each(dialects)('under $name', (dialect) => {
  const event = fc.constantFrom(...Object.keys(dialect.events));

  it('decide and combine are total', () => {
    fc.assert(
      fc.property(event, fc.array(run, { maxLength: 4 }), (name, runs) => {
        const results = runs.map((ran) => decided(dialect, name, ran));
        const decision = together(dialect, name, results);
        JSON.stringify(decision);
        const hasReason = decision.decision !== 'block' || /./s.test(decision.reason ?? '');
        return decisionKinds.includes(decision.decision) && hasReason;
      }),
      seed,
    );
  });

  it('a hook more never turns a block into anything milder', () => {
    fc.assert(
      fc.property(
        event,
        fc.array(run, { minLength: 1, maxLength: 3 }),
        run,
        fc.nat(3),
        (name, runs, more, at) => {
          const results = runs.map((ran) => decided(dialect, name, ran));
          const before = together(dialect, name, results).decision;
          const after = together(
            dialect,
            name,
            results.toSpliced(at, 0, decided(dialect, name, more)),
          ).decision;
          return decisionKinds.indexOf(after) <= decisionKinds.indexOf(before);
        },
      ),
      seed,
    );
  });

  it('the order of keys and blanks between them never change the decision', () => {
    fc.assert(
      fc.property(
        event,
        output,
        fc.constantFrom(0, 1, 2),
        fc.integer({ min: 0, max: 8 }),
        (name, value, code, indent) => {
          const turned = Object.fromEntries(Object.entries(value).toReversed());
          const plain = decide(
            dialect,
            sampleHook({ event: name }),
            exited(code, JSON.stringify(value)),
          );
          const spaced = ` \n${JSON.stringify(turned, null, indent)}\r\n\t`;
          const other = decide(dialect, sampleHook({ event: name }), exited(code, spaced));
          return other.decision === plain.decision;
        },
      ),
      seed,
    );
  });

  const denials: readonly object[] = [
    { decision: 'block' },
    { decision: 'deny' },
    { ok: false },
    { cancel: true },
    { permission: 'deny' },
    { permissionDecision: 'deny' },
    { hookSpecificOutput: { permissionDecision: 'deny' } },
    { hookSpecificOutput: { decision: { behavior: 'deny' } } },
    { hook_specific_output: { permission_decision: 'deny' } },
  ];

  it('a block is a block in every spelling, whatever stands beside it', () => {
    const gates = Object.keys(dialect.events).filter((name) => {
      const rules = eventRules(dialect, name);
      return rules.canBlock && rules.blankReason === 'default-text';
    });
    fc.assert(
      fc.property(
        fc.constantFrom(...gates),
        fc.constantFrom(...denials),
        output,
        (name, denial, beside) => {
          const value = { ...beside, ...denial };
          const result = decide(
            dialect,
            sampleHook({ event: name }),
            exited(0, JSON.stringify(value)),
          );
          // To end the agent's turn is not to let it go on: that is upstream's stricter word at the
          // end of a turn.
          const endsTurn =
            eventRules(dialect, name).continueFalse === 'stop-beats-block' &&
            result.continue === false;
          return endsTurn || result.decision === 'block';
        },
      ),
      seed,
    );
  });

  it('exit code 2 rejects every event that says so, whatever is printed', () => {
    const gates = Object.keys(dialect.events).filter((name) => {
      const rules = eventRules(dialect, name);
      return rules.canBlock && rules.exit2 === 'block' && rules.blankReason === 'default-text';
    });
    fc.assert(
      fc.property(fc.constantFrom(...gates), run, (name, ran) => {
        const rejecting = { ...ran, exitCode: 2, status: 'exited' } as const;
        return decided(dialect, name, rejecting).decision === 'block';
      }),
      seed,
    );
  });

  it('a hook that must not fail open blocks every event that can be blocked, whatever kept it from a decision', () => {
    const gates = Object.keys(dialect.events).filter((name) => {
      const rules = eventRules(dialect, name);
      return rules.canBlock && rules.blankReason === 'default-text';
    });
    const unfinished = fc.constantFrom(...runStatuses.filter((status) => status !== 'exited'));
    fc.assert(
      fc.property(
        fc.constantFrom(...gates),
        unfinished,
        fc.constantFrom(...failureCodes),
        (name, status, code) => {
          const hook = sampleHook({ event: name, failMode: 'block' });
          const outcomes = [
            { ...exited(null), status },
            { code, message: 'm' },
          ];
          return outcomes.every((outcome) => decide(dialect, hook, outcome).decision === 'block');
        },
      ),
      seed,
    );
  });
});
