import { describe, expect, it } from 'vitest';
import { findDialect } from '../../../src/agents/registry.ts';
import { combineRewrites } from '../../../src/protocol/verdict/combine-rewrites.ts';
import { result } from './rewrite-result.ts';

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
    expect(rewritten).toEqual(
      effectiveInput === undefined ? { updatedInput } : { updatedInput, effectiveInput },
    );
  });

  it('leave nothing where there are none', () => {
    expect(combineRewrites(findDialect('crush'), [result()], input)).toEqual({});
  });

  it('go with a block only where the dialect drops them', () => {
    const results = [result({ cmd: 'a' }), result(undefined, 'block')];
    expect(combineRewrites(findDialect('codex'), results, input)).toEqual({});
    expect(combineRewrites(findDialect('docker-agent-strict'), results, input)).toHaveProperty(
      'updatedInput',
    );
  });
});
