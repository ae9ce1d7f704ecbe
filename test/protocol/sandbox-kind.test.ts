import { expect, it } from 'vitest';
import { defaultKind, kindKey, kindOf } from '../../src/protocol/sandbox-kind.ts';

it('a hook without a profile needs a sandbox of the default kind', () => {
  expect(kindOf({})).toEqual(defaultKind);
  expect(kindOf({ profile: 'full' })).toEqual({ profile: 'full' });
});

it('kinds have one key exactly when they are the same', () => {
  const kinds = [defaultKind, { profile: 'full' }, { profile: 'small', workspace: '/a' }];
  expect(new Set(kinds.map(kindKey)).size).toBe(3);
  expect(kindKey({ profile: 'small', workspace: undefined })).toBe(kindKey(defaultKind));
});
