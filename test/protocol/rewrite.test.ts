import { describe, expect, it } from 'vitest';
import type { HookResult } from '../../src/protocol/decision.ts';
import { findDialect } from '../../src/protocol/dialects/registry.ts';
import { combineRewrites, pipeInput } from '../../src/protocol/rewrite.ts';
import { bytes } from './samples.ts';

function result(updatedInput?: unknown, decision: HookResult['decision'] = 'none'): HookResult {
  return {
    hook: 'h',
    tier: 'agent',
    event: 'e',
    decision,
    cause: { kind: 'output' },
    diagnostics: [],
    facts: null,
    durations: { queueMs: 0, leaseMs: 0, runMs: 0, totalMs: 0 },
    ...(updatedInput === undefined ? {} : { updatedInput }),
  };
}

const input = { cmd: 'rm', cwd: '.' };

describe('several rewrites', () => {
  it.each([
    ['claude-code', [{ cmd: 'a' }, { cmd: 'b' }], { cmd: 'b' }, { cmd: 'b' }],
    ['crush', [{ cmd: 'a' }, { x: 1 }], { cmd: 'a', x: 1 }, { cmd: 'a', cwd: '.', x: 1 }],
    ['crush', [{ cmd: 'a' }, 'text'], 'text', 'text'],
    ['azure', [{ cmd: 'a' }, { cmd: 'b' }], { cmd: 'b' }, undefined],
  ])('%s puts %j together', (name, patches, updatedInput, effectiveInput) => {
    const rewritten = combineRewrites(
      findDialect(name),
      patches.map((patch) => result(patch)),
      input,
    );
    expect(rewritten).toEqual(effectiveInput === undefined ? { updatedInput } : { updatedInput, effectiveInput });
  });

  it('leave nothing where there are none', () => {
    expect(combineRewrites(findDialect('crush'), [result()], input)).toEqual({});
  });

  it('go with a block only where the dialect drops them', () => {
    const results = [result({ cmd: 'a' }), result(undefined, 'block')];
    expect(combineRewrites(findDialect('codex'), results, input)).toEqual({});
    expect(combineRewrites(findDialect('docker-agent-strict'), results, input)).toHaveProperty('updatedInput');
  });
});

describe('the context of the next hook', () => {
  const context = '{"tool_input" : {"cmd":"rm", "n": 9007199254740993,"cwd":"."} , "big":1e400}';
  const piped = (name: string, patch: unknown, text = context) =>
    Buffer.from(pipeInput(findDialect(name), bytes(text), result(patch))).toString();

  it.each([
    ['docker-agent-strict', { cmd: 'ls' }, '{"tool_input" : {"cmd":"ls", "n": 9007199254740993,"cwd":"."} , "big":1e400}'],
    ['docker-agent-strict', {}, context],
    ['docker-agent-strict', undefined, context],
    ['claude-code', { cmd: 'ls' }, '{"tool_input" : {"cmd":"ls"} , "big":1e400}'],
    ['azure', { cmd: 'ls' }, context],
  ])('under %s with %j keeps every other byte', (name, patch, expected) => {
    expect(piped(name, patch)).toBe(expected);
  });

  it('has the rewrite also where there was no input', () => {
    expect(JSON.parse(piped('docker-agent-strict', { cmd: 'ls' }, '{}'))).toEqual({ tool_input: { cmd: 'ls' } });
    expect(JSON.parse(piped('docker-agent-strict', [1]))).toHaveProperty('tool_input', [1]);
  });
});
