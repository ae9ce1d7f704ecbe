import { expect, it } from 'vitest';
import { defaultKind, kindKey, kindOf } from '../../src/protocol/sandbox-kind.ts';

it('a hook without a profile needs a sandbox of the default kind', () => {
  expect(kindOf({})).toEqual(defaultKind);
  expect(kindOf({ profile: 'full' })).toEqual({ profile: 'full' });
});

it('kinds have one key exactly when they are the same', () => {
  const app = { profile: 'small', workspace: '/a' };
  const replaced = { ...app, workspaceId: '1:2' };
  const kinds = [defaultKind, { profile: 'full' }, app, replaced];
  expect(new Set(kinds.map(kindKey)).size).toBe(4);
  expect(kindKey({ profile: 'small', workspace: undefined })).toBe(kindKey(defaultKind));
});
