/** Keys of hookpool's own files on the hooks of other agents' files. */
import { describe, expect, it } from 'vitest';
import { claude, flat, hookOf, read, run, unsupported } from './reading.ts';

describe('a key of ours that is added to a hook of another agent', () => {
  it.each<[string, object, object]>([
    ['.claude/settings.json', claude({ failMode: 'block' }), { failMode: 'block' }],
    ['.claude/settings.json', claude({ fail_mode: 'Block' }), { failMode: 'block' }],
    ['.cursor/hooks.json', flat('stop', { ...run, failMode: 'block' }), { failMode: 'block' }],
    ['.claude/settings.json', claude({ ignoreToolErrors: true }), { ignoreToolErrors: true }],
    ['.claude/settings.json', claude({ strict_output: true }), { strictOutput: true }],
    ['.claude/settings.json', claude({ state: 'session' }), { state: 'session' }],
    [
      '.codex/hooks.json',
      { hooks: { Stop: [{ hooks: [{ ...run, maxRejections: 3 }] }] } },
      { maxRejections: 3 },
    ],
  ])('in %s counts: %j', (path, value, expected) => {
    expect(hookOf(path, value)).toMatchObject({ action: { kind: 'command' }, ...expected });
    expect(read(path, value)).toMatchObject({ problems: [], warnings: [] });
  });

  it.each([
    [{ failMode: 'open' }, 'failMode: Invalid option'],
    [{ fail_mode: 'open' }, 'fail_mode: Invalid option'],
    [{ maxRejections: 26 }, 'maxRejections: Too big'],
    [{ state: 'forever' }, 'state: Invalid input'],
    [
      { onFailure: 'block', failMode: 'allow' },
      '"failMode" and "onFailure" are the same key: keep one.',
    ],
    [{ failMode: 'block', fail_mode: 'allow' }, '"fail_mode" and "failMode" are the same key'],
  ])('is checked as in our own files: %j', (keys, problem) => {
    expect(unsupported('.claude/settings.json', claude(keys))).toContain(problem);
  });
});
