/** Names in Redis. */
import { describe, expect, it } from 'vitest';
import { hashOf, jobIdOf, scriptNameOf } from '../../src/redis/keys.ts';

describe('an id', () => {
  it('has no colon, is not all digits, and differs when its parts do', () => {
    expect(jobIdOf('name', 'b')).toMatch(/^j[A-Za-z0-9_-]{43}\.name$/);
    expect(jobIdOf('name', 'b')).not.toBe(jobIdOf('name', 'c'));
    expect(hashOf('ab', 'c')).not.toBe(hashOf('a', 'bc'));
  });

  it('of a script tells tenants apart', () => {
    const script = { runtime: 'bash', source: 'exit 0' } as const;
    const names = ['a', 'b'].map((tenant) => scriptNameOf(tenant, script));
    expect(names[0]).toMatch(/^[A-Za-z0-9_-]{22}$/);
    expect(names[0]).not.toBe(names[1]);
  });
});
