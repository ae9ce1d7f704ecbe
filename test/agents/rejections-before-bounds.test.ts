/**
 * A rejection that can be read stands, whatever is printed behind it and whichever bound that
 * exceeds.
 */
import { describe, expect, it } from 'vitest';
import { dialects } from '../../src/agents/registry.ts';
import type { HookResult } from '../../src/protocol/decision.ts';
import type { RunResult } from '../../src/protocol/run.ts';
import { decide } from '../../src/protocol/verdict/decide.ts';
import { exited } from '../protocol/samples.ts';
import { gates, placed, spread } from './runs.ts';

const members = '"decision":"block","reason":"policy"';
const denial = `{${members}}`;
const allow = '{"decision":"allow"}';
const progress = '{"type":"progress","message":"at work"}\n';

function exceeding(over: Partial<RunResult>, stdout = denial, stderr = ''): RunResult {
  return { ...exited(0, stdout, stderr), ...over };
}

const cut = { stdoutTotalBytes: 2 << 20 };
const ended = {
  status: 'output-limit',
  exitCode: null,
  signal: 'SIGKILL',
  stdoutTotalBytes: 4 << 20,
} as const;

const runs: readonly (readonly [string, RunResult])[] = [
  [
    'in an object of more than 10,000 values',
    exited(0, `{${members},"list":[${'0,'.repeat(10_001)}0]}`),
  ],
  [
    'in an object that has it behind more than 10,000 values',
    exited(0, `{"list":[${'0,'.repeat(10_001)}0],${members}}`),
  ],
  [
    'in an object of more than 64 levels',
    exited(0, `{${members},"deep":${'['.repeat(70)}${']'.repeat(70)}}`),
  ],
  [
    'in an object of more than 10,000 keys',
    exited(0, `{${members},${'"k":0,'.repeat(10_001)}"k":0}`),
  ],
  [
    'before an object of more than 10,000 values',
    exited(0, `${denial}\n{"list":[${'0,'.repeat(10_001)}0]}`),
  ],
  [
    'before an array of more than 64 levels',
    exited(0, `${denial}\n${'['.repeat(70)}${']'.repeat(70)}`),
  ],
  ['in an array of more than 10,000 values', exited(0, `[${denial},${'0,'.repeat(10_001)}0]`)],
  ['before 3,000 objects', exited(0, `${denial}\n${`${allow}\n`.repeat(3_000)}`)],
  [
    'before 3,000 objects of 10 values',
    exited(0, `${denial}\n${`{"a":[${'0,'.repeat(9)}0]}\n`.repeat(3_000)}`),
  ],
  ['before 3,000 lines', exited(0, `${denial}\n${'line\n'.repeat(3_000)}`)],
  ['before 3,000 lines of progress', exited(0, `${denial}\n${progress.repeat(3_000)}`)],
  ['before a megabyte of braces', exited(0, `${denial}\n${'{'.repeat(1 << 20)}`)],
  ['in what was kept of too much output', exceeding(cut)],
  [
    'in what was kept of too much output, before text',
    exceeding(cut, `${denial}\n${'x'.repeat(1_000)}`),
  ],
  [
    'in what was kept of too much output, in an object that is cut',
    exceeding(cut, `{${members},"list":["x`),
  ],
  ['in what was kept of endless output', exceeding(ended)],
  [
    'in what was kept of endless output, before objects',
    exceeding(ended, `${denial}\n${allow}\n${allow}`),
  ],
];

function decided(place: string, run: RunResult, failMode: 'allow' | 'block'): HookResult {
  const { dialect, hook } = placed(place, { failMode, failModeIsDefault: undefined });
  return decide(dialect, hook, run);
}

describe.each(dialects)('under $name', (dialect) => {
  it.each(runs)('a rejection %s stands, whatever the failMode is', (_, run) => {
    const lost = spread(dialect, ['allow', 'block'] as const).filter(([place, failMode]) => {
      const { decision, reason } = decided(place, run, failMode);
      return decision !== 'block' || reason !== 'policy';
    });
    expect(lost).toEqual([]);
  });

  it.each([
    ['too much output', cut],
    ['endless output', ended],
  ])("what was kept of %s and rejects nothing is failMode's", (_, over) => {
    for (const place of gates(dialect)) {
      for (const text of [allow, '', 'text', '{"decision":"ask"}']) {
        const cause = { kind: 'fail-mode', code: 'HOOK_OUTPUT_LIMIT' };
        expect(decided(place, exceeding(over, text), 'block'), place).toMatchObject({
          decision: 'block',
          cause,
        });
        const open = decided(place, exceeding(over, text), 'allow');
        expect(open, place).toMatchObject({ decision: dialect.says.error, cause });
      }
    }
  });

  it('a rejection before the end of a stderr of which too much was printed stands where failMode is block', () => {
    for (const place of gates(dialect)) {
      const run = exceeding({ stderrTotalBytes: 1 << 20 }, '', `${denial}\n${'x\n'.repeat(3_000)}`);
      expect(decided(place, run, 'block'), place).toMatchObject({
        decision: 'block',
        reason: 'policy',
      });
    }
  });
});

describe('what was kept of too much output', () => {
  it('counts on other exit codes where JSON counts there, as far as it rejects', () => {
    const failed = (text: string) =>
      decided('claude-code PreToolUse', { ...exited(1, text), ...cut }, 'allow');
    expect(failed(denial)).toMatchObject({ decision: 'block', reason: 'policy' });
    expect(failed(`${denial}\ntext`)).toMatchObject({ decision: 'block', reason: 'policy' });
    expect(failed('{"hookSpecificOutput":{"permissionDecision":"allow"}}')).toMatchObject({
      cause: { code: 'HOOK_EXIT_CODE' },
    });
    expect(decided('azure PreToolUse', { ...exited(1, denial), ...cut }, 'allow')).toMatchObject({
      decision: 'allow',
    });
  });

  it('may be on stderr, where a dialect looks there for a verdict', () => {
    const onStderr = (text: string, stderrTotalBytes: number) =>
      decided('gemini-cli BeforeTool', { ...exited(0, '', text), stderrTotalBytes }, 'allow');
    expect(onStderr(denial, 1 << 20)).toMatchObject({ decision: 'block', reason: 'policy' });
    expect(onStderr(allow, 1 << 20)).toMatchObject({ cause: { code: 'HOOK_OUTPUT_LIMIT' } });
    expect(onStderr(allow, allow.length)).toMatchObject({
      decision: 'allow',
      cause: { kind: 'output' },
    });
    expect(
      decided('azure PreToolUse', { ...exited(0, allow, 'x'), stderrTotalBytes: 1 << 20 }, 'block')
        .decision,
    ).toBe('allow');
  });

  it('is told as the cause', () => {
    for (const over of [cut, ended]) {
      const { cause, diagnostics } = decided('azure PreToolUse', exceeding(over), 'allow');
      expect(cause).toMatchObject({
        kind: 'fail-mode',
        code: 'HOOK_OUTPUT_LIMIT',
        message: expect.stringMatching(/printed/),
      });
      expect(diagnostics).toMatchObject([{ code: 'stricter-than-upstream' }]);
    }
  });

  it('rejects nothing where the event cannot be rejected', () => {
    for (const text of [denial, `${denial}\ntext`]) {
      const result = decided('azure Start', exceeding(cut, text), 'allow');
      expect(result).toMatchObject({
        decision: dialects.find(({ name }) => name === 'azure')?.says.error,
      });
      expect(result.cause).toHaveProperty('code', 'HOOK_OUTPUT_LIMIT');
    }
    const ending = '{"continue":false,"stopReason":"s"}';
    expect(decided('claude-code Stop', exceeding(cut, ending), 'allow')).toMatchObject({
      continue: false,
      stopReason: 's',
    });
  });
});

describe('control lines of cline', () => {
  const line = (text: string) => `HOOK_CONTROL\t${text}\n`;
  const no = line('{"cancel":true,"errorMessage":"policy"}');
  const yes = line('{"cancel":false}');
  const values = line(`{"a":[${'0,'.repeat(9_000)}0]}`);
  const result = (text: string, failMode: 'allow' | 'block') =>
    decided('cline PreToolUse', exited(0, text), failMode);

  it.each([
    ['first of 1,500', no + yes.repeat(1_500)],
    ['first of 5,000', no + yes.repeat(5_000)],
    ['the 1,000th of 5,000', yes.repeat(999) + no + yes.repeat(4_000)],
    ['among the last 1,000 of 5,000', yes.repeat(4_500) + no + yes.repeat(499)],
    ['last of 5,000', yes.repeat(5_000) + no],
    ['before 5,000 blank ones', no + line(' ').repeat(5_000) + yes],
    ['before 5,000 broken ones', no + line('{').repeat(5_000) + yes],
    [
      'before 5,000 that are only ended by a carriage return',
      no + 'HOOK_CONTROL\t{}\r'.repeat(5_000) + yes,
    ],
    ['before 45,000 values', no + values.repeat(5) + yes],
    ['before the output is cut', no + yes.repeat(3_000)],
  ])('one that rejects stands, %s, whatever the failMode is', (what, text) => {
    for (const failMode of ['allow', 'block'] as const) {
      const run = { ...exited(0, text), ...(what.includes('cut') ? cut : {}) };
      expect(decided('cline PreToolUse', run, failMode)).toMatchObject({
        decision: 'block',
        reason: 'policy',
      });
    }
  });

  it.each([
    ['more than 2,000 of them', yes.repeat(2_001)],
    [
      'more than 2,000 of them, a rejection among those that are not read',
      yes.repeat(1_500) + no + yes.repeat(1_500),
    ],
    ['more than 20,000 values in them', values.repeat(3) + no + yes],
  ])('say nothing certain where there are %s: the failMode speaks', (_, text) => {
    expect(result(text, 'block')).toMatchObject({
      decision: 'block',
      cause: { kind: 'fail-mode', code: 'HOOK_OUTPUT_MALFORMED' },
    });
    expect(result(text, 'allow').decision).not.toBe('block');
  });

  it('2,000 of them are read', () => {
    for (const failMode of ['allow', 'block'] as const) {
      expect(result(yes.repeat(2_000), failMode)).toMatchObject({
        decision: 'none',
        cause: { kind: 'output' },
      });
    }
  });

  it('are no verdict for a hook that must not fail open, where what stands beside them is too much to be read', () => {
    const text = `${'{ '.repeat(2_000)}\n${yes}`;
    expect(result(text, 'block')).toMatchObject({
      decision: 'block',
      cause: { code: 'HOOK_OUTPUT_MALFORMED' },
    });
    expect(result(text, 'allow')).toMatchObject({ decision: 'none', cause: { kind: 'output' } });
  });
});
