import { expect, it, vi } from 'vitest';
import { azure } from '../../src/agents/azure/dialect.ts';
import { selectHooks } from '../../src/dispatch/select.ts';
import { Content } from '../../src/protocol/content.ts';
import type { Context } from '../../src/protocol/context.ts';
import type { Hook } from '../../src/protocol/hook.ts';
import { compileMatcher } from '../../src/protocol/matching/matcher.ts';
import { bytes, sampleHook } from '../protocol/samples.ts';
import { threadMs } from '../support/thread-time.ts';

function selected(
  hooks: readonly Hook[],
  context: Partial<Context>,
  active: readonly string[] = [],
): string[] {
  const whole = {
    event: 'PreToolUse',
    content: new Content(bytes('{}')),
    subject: 'Bash',
    tool: undefined,
    threadSource: undefined,
    session: undefined,
    cwd: undefined,
    rejections: undefined,
    transcript: undefined,
    diagnostics: [],
    ...context,
  };
  return selectHooks(azure, hooks, whole, new Set(active)).hooks.map((hook) => hook.name);
}

function matching(name: string, matcher: string | undefined, over: Partial<Hook> = {}): Hook {
  return sampleHook({ name, matcher, matches: compileMatcher(azure, matcher), ...over });
}

it('only hooks of the event are selected', () => {
  const hooks = [
    sampleHook({ name: 'pre' }),
    sampleHook({ name: 'post', event: 'PostToolUse' }),
    sampleHook({ name: 'stop', event: 'Stop' }),
  ];
  expect(selected(hooks, {})).toEqual(['pre']);
  expect(selected(hooks, { event: 'Stop', subject: undefined })).toEqual(['stop']);
  expect(selected(hooks, { event: 'Start', subject: undefined })).toEqual([]);
});

it('tool hooks are selected by the whole name of the tool', () => {
  const hooks = [
    matching('exact', 'Bash'),
    matching('all', '*'),
    matching('empty', ''),
    matching('part', 'Ba'),
    matching('either', 'Bash|Run'),
  ];
  expect(selected(hooks, { subject: 'Bash' })).toEqual(['exact', 'all', 'either']);
  expect(selected(hooks, { subject: 'Run' })).toEqual(['all', 'either']);
  expect(selected(hooks, { subject: 'Ba' })).toEqual(['all', 'part']);
});

it.each(['Stop', 'Start'])('at %s a matcher is ignored', (event) => {
  const never = sampleHook({ event, matches: () => false });
  expect(selected([never], { event, subject: undefined })).toEqual(['guard']);
  expect(selected([never], { event, subject: 'Bash' })).toEqual(['guard']);
});

it.each([
  [undefined, 'chat', true],
  [undefined, undefined, true],
  [['chat'], 'chat', true],
  [['Chat', 'Incident'], 'incident', true],
  [['chat'], 'incident', false],
  [['chat'], undefined, false],
  [['chat'], '', false],
  [[], 'chat', false],
] as [string[] | undefined, string | undefined, boolean][])(
  'a Start hook for %j runs for a thread from %j: %s',
  (sources, threadSource, runs) => {
    const hook = sampleHook({ event: 'Start', sources });
    expect(selected([hook], { event: 'Start', threadSource })).toEqual(runs ? ['guard'] : []);
  },
);

it('sources mean nothing at other events', () => {
  expect(selected([sampleHook({ sources: ['chat'] })], { threadSource: 'incident' })).toEqual([
    'guard',
  ]);
});

it('an on-demand hook runs only where it is switched on', () => {
  const hooks = [
    sampleHook({ name: 'a' }),
    sampleHook({ name: 'b', activation: 'on-demand' }),
    sampleHook({ name: 'c', activation: 'on-demand' }),
  ];
  expect(selected(hooks, {})).toEqual(['a']);
  expect(selected(hooks, {}, ['c', 'nobody'])).toEqual(['a', 'c']);
});

it('switching a hook on does not make it match', () => {
  expect(selected([matching('b', 'Python', { activation: 'on-demand' })], {}, ['b'])).toEqual([]);
});

it('the system tier comes first, then the agent, then global hooks, each in their given order', () => {
  const tiers = ['global', 'agent', 'system', 'agent', 'global', 'system'] as const;
  const hooks = tiers.map((tier, at) => sampleHook({ name: `${tier}${at}`, tier }));
  expect(selected(hooks, {})).toEqual([
    'system2',
    'system5',
    'agent1',
    'agent3',
    'global0',
    'global4',
  ]);
});

it('hooks of which it cannot be told within the limits run, and a diagnostic names them', () => {
  const slow = Array.from({ length: 30 }, (_, at) =>
    matching(`slow${at}`, '(?:a?){450}[ab]{450}c'),
  );
  const hooks = [matching('other', 'Read'), ...slow, matching('late', '[Rr]ead')];
  const context = { event: 'PreToolUse', subject: 'a'.repeat(512) } as Context;
  const started = threadMs();
  const { hooks: chosen, diagnostics } = selectHooks(azure, hooks, context, new Set());
  expect(threadMs() - started).toBeLessThan(500);
  expect(chosen.length).toBeGreaterThan(20);
  expect(chosen.map((hook) => hook.name)).toContain('late');
  expect(chosen.map((hook) => hook.name)).not.toContain('other');
  expect(diagnostics).toEqual([
    {
      code: 'match-undecided',
      message: expect.stringMatching(
        /could not be told .*, so they run: slow\d+, .* and \d+ more\.$/,
      ),
    },
  ]);
});

it('one hook of which it cannot be told is named alone', () => {
  const context = { event: 'PreToolUse', subject: 'a'.repeat(600) } as Context;
  const { diagnostics } = selectHooks(azure, [matching('odd', 'a+')], context, new Set());
  expect(diagnostics[0]?.message).toMatch(/so they run: odd\.$/);
});

it.each(['Bash', 'Read'])(
  'more than 256 hooks of the event are refused before one is matched, a tool %s or another',
  (subject) => {
    const matches = vi.fn((name: string) => name === 'Bash');
    const hooks = Array.from({ length: 257 }, (_, at) =>
      sampleHook({ name: `h${at}`, matches, condition: matches as never }),
    );
    expect(() => selected(hooks, { subject })).toThrow(
      expect.objectContaining({
        code: 'INVALID_HOOKS',
        message:
          'The files have 257 PreToolUse hooks together; 256 are the most. Write several checks into one script.',
      }),
    );
    expect(matches).not.toHaveBeenCalled();
    expect(selected(hooks.slice(1), { subject: 'Bash' })).toHaveLength(256);
  },
);

it('of the 256 hooks those of other events and those that are switched off do not count', () => {
  const many = (name: string, over: Partial<Hook>) =>
    Array.from({ length: 256 }, (_, at) => sampleHook({ name: name + at, ...over }));
  const others = [...many('stop', { event: 'Stop' }), ...many('off', { activation: 'on-demand' })];
  expect(selected([...others, ...many('a', {})], {})).toHaveLength(256);
  expect(() => selected([...others, ...many('a', {})], {}, ['off0'])).toThrow(
    '257 PreToolUse hooks',
  );
});

it('the condition of a hook whose matcher does not match is not tested', () => {
  const condition = vi.fn(() => true);
  const tool = { toolName: 'Bash', toolInput: {}, cwd: undefined };
  expect(
    selected([sampleHook({ matches: () => false, condition })], { subject: 'Bash', tool }),
  ).toEqual([]);
  expect(condition).not.toHaveBeenCalled();
});
