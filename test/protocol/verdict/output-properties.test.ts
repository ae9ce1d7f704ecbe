import fc from 'fast-check';
import { it } from 'vitest';
import { azure } from '../../../src/agents/azure/dialect.ts';
import { parseOutput } from '../../../src/protocol/verdict/read-output.ts';
import { fuzz, fuzzTimeoutMs } from '../../support/fuzz.ts';
import { bytes } from '../samples.ts';

/** Whether a strict reader finds exactly one JSON object. */
function strictObject(stdout: Uint8Array): boolean {
  try {
    const value: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(stdout));
    return typeof value === 'object' && value !== null && !Array.isArray(value);
  } catch {
    return false;
  }
}

function isHarmless(stdout: Uint8Array): boolean {
  const parsed = parseOutput(azure, stdout);
  if (parsed.kind !== 'output' || parsed.output.decision === 'block') return true;
  const endsTurn = parsed.output.continue === false && parsed.output.decision === undefined;
  return endsTurn || strictObject(stdout);
}

it(
  'no bytes make it throw, and none that JSON refuses pass for anything but a block',
  () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 300 }), isHarmless), fuzz);
  },
  fuzzTimeoutMs,
);

it(
  'no damage to a JSON text turns it into a permission',
  () => {
    const words = fc.constantFrom('allow', 'block', 'deny', 'ask', 'blok', true, false, null, 1);
    const keys = fc.constantFrom(
      'ok',
      'decision',
      'continue',
      'hookSpecificOutput',
      'permissionDecision',
      'reason',
      '__proto__',
      'x',
    );
    const inner = fc.dictionary(keys, words, { maxKeys: 3 });
    const text = fc
      .dictionary(keys, fc.oneof(words, inner), { maxKeys: 4 })
      .map((value) => JSON.stringify(value));
    fc.assert(
      fc.property(
        text,
        fc.nat(),
        fc.integer({ min: 0, max: 255 }),
        fc.nat(),
        (json, at, byte, cut) => {
          const damaged = bytes(json);
          damaged[at % damaged.length] = byte;
          const cutOff = bytes(json).subarray(0, cut % damaged.length);
          const longer = bytes(`${json}${String.fromCharCode(byte)}`);
          return [damaged, cutOff, longer].every(isHarmless);
        },
      ),
      fuzz,
    );
  },
  fuzzTimeoutMs,
);

it(
  'a block in one spelling is never softened by a word in another',
  () => {
    const denials = fc.constantFrom<object>(
      { ok: false },
      { decision: 'block' },
      { permission: 'deny' },
      { cancel: true },
    );
    const others = fc.constantFrom<object>(
      { permissionDecision: 'allow' },
      { permission_decision: 'ask' },
      { halt: false },
      { continue: false },
      { continue_: 'x' },
      { 'hookSpecificOutput.permissionDecision': 'allow' },
      { x: 1 },
    );
    fc.assert(
      fc.property(
        denials,
        fc.array(others, { maxLength: 4 }),
        fc.boolean(),
        (denial, rest, first) => {
          const parts = first ? [denial, ...rest] : [...rest, denial];
          const parsed = parseOutput(azure, bytes(JSON.stringify(Object.assign({}, ...parts))));
          return parsed.kind === 'output' && parsed.output.decision === 'block';
        },
      ),
      fuzz,
    );
  },
  fuzzTimeoutMs,
);
