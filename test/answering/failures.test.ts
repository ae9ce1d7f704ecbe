import { describe, expect, it } from 'vitest';
import { claudeCode } from '../../src/agents/claude-code/dialect.ts';
import { answerDecision } from '../../src/answering/answer-decision.ts';
import { failuresOf } from '../../src/answering/failures.ts';
import type { Hook } from '../../src/protocol/hook.ts';
import { emptyRun, type RunResult } from '../../src/protocol/run.ts';
import { combine } from '../../src/protocol/verdict/combine.ts';
import { decide } from '../../src/protocol/verdict/decide.ts';
import { bytes, exited, sampleHook } from '../protocol/samples.ts';

const noGit = exited(0, '', 'hook: line 1: git: command not found');

function decided(...runs: readonly [RunResult, Partial<Hook>?][]) {
  const results = runs.map(([run, over]) => decide(claudeCode, sampleHook(over), run));
  return combine(claudeCode, { event: 'PreToolUse', results, skipped: [], durationMs: 1 });
}

it('a hook that objected to nothing because a program failed is told', () => {
  expect(failuresOf(decided([noGit]))).toEqual([
    'The hook guard: hook: line 1: git: command not found',
  ]);
});

it('so is a hook that failed where its failMode is allow, and what its sandbox lacks', () => {
  expect(failuresOf(decided([emptyRun('timed-out')]))).toEqual([
    'The hook guard gave no decision, and its failMode is allow: The script timed out: it ran longer than 30 s.',
  ]);
  expect(failuresOf(decided([exited(0), { lacks: ['git is missing'] }]))).toEqual([
    'The hook guard: git is missing',
  ]);
});

it('so is a hook that ran without all of its project', () => {
  const diagnostics = [{ code: 'ran-in-copy', message: 'The workspace is read-only.' }];
  const [passing] = decided([exited(0)]).results;
  expect(failuresOf({ ...decided(), results: [{ ...passing, diagnostics }] } as never)).toEqual([
    'The hook guard: The workspace is read-only.',
  ]);
});

it('a hook whose failMode is block is not said to have failMode allow where it cannot block', () => {
  const message = 'It has rejected the end of this turn 8 times in a row; the agent may stop now.';
  const timedOut = 'The script timed out: it ran longer than 30 s.';
  const [rejecting] = decided([emptyRun('timed-out'), { failMode: 'block' }]).results;
  const limited = {
    ...rejecting,
    decision: 'none',
    diagnostics: [{ code: 'rejection-limit', message }],
  };
  expect(failuresOf({ ...decided(), results: [limited] } as never)).toEqual([
    `The hook guard gave no decision, and its failMode is block or ask: ${timedOut} ${message}`,
  ]);
  const after = { failMode: 'block', event: 'SessionStart' } as const;
  expect(failuresOf(decided([emptyRun('timed-out'), after]))).toEqual([
    `The hook guard gave no decision, and its failMode is block or ask, but SessionStart cannot be blocked: ${timedOut}`,
  ]);
});

describe('a python module that is missing is told once,', () => {
  const noYaml = "ModuleNotFoundError: No module named 'yaml'";
  const lacking = 'g.py:1: the python module yaml is not in the image.';
  const lacks = [lacking, 'h.py:2: the python module yaml is not in the image.'];

  it('with the file and the fix where they are known', () => {
    expect(failuresOf(decided([exited(0, '', noYaml), { lacks }]))).toEqual([
      `The hook guard: ${lacking}`,
    ]);
    expect(failuresOf(decided([exited(0, '', noYaml)]))).toEqual([`The hook guard: ${noYaml}`]);
  });

  it('as the cause of a hook that failed by its exit code', () => {
    expect(failuresOf(decided([exited(1, '', noYaml), { lacks }]))).toEqual([
      `The hook guard gave no decision, and its failMode is allow: ${lacking}`,
    ]);
  });

  it('beside what else is lacking', () => {
    const others = ['the python module requests is not in the image.', 'yaml is no program.'];
    expect(failuresOf(decided([exited(0, '', noYaml), { lacks: others }]))).toEqual([
      `The hook guard: ${noYaml}`,
      ...others.map((text) => `The hook guard: ${text}`),
    ]);
  });
});

it('nothing is told beside a block, of a hook that blocks or asks, or of other notes', () => {
  const ask = '{"hookSpecificOutput":{"hookEventName":"PreToolUse","permissionDecision":"ask"}}';
  expect(failuresOf(decided([noGit], [exited(2)]))).toEqual([]);
  expect(failuresOf(decided([exited(0, ask, 'hook: line 1: git: command not found')]))).toEqual([]);
  expect(failuresOf(decided([exited(0, '{"zzz":1,"systemMessage":"m"}')]))).toEqual([]);
});

it('a failure that the person is told already is not told twice', () => {
  const [result] = decided([emptyRun('timed-out')]).results;
  const told = { ...decided(), results: [{ ...result, systemMessage: 'm' }] };
  expect(failuresOf(told as never)).toEqual([]);
});

it('five failures are told, each in at most 300 characters', () => {
  const lacks = ['x'.repeat(500)];
  const all = failuresOf(decided(...Array(7).fill([exited(0), { lacks }])));
  expect(all).toHaveLength(6);
  expect(all.at(-1)).toBe('and 2 more');
  expect(Math.max(...all.map(({ length }) => length))).toBeLessThanOrEqual(300);
});

it.each(['claude-code', 'codex', 'crush', 'windsurf'])('%s finds a failure on stderr', (agent) => {
  const answer = answerDecision(agent, decided([noGit]), bytes('{}'));
  expect(answer).toEqual({
    stdout: '',
    stderr: 'hookpool: The hook guard: hook: line 1: git: command not found\n',
    exitCode: 0,
  });
});

it.each([
  ['gemini-cli', 'BeforeTool'],
  ['qwen-code', 'PreToolUse'],
])('%s reads stderr as a decision, so that it gets a message', (agent, event) => {
  const decision = { ...decided([noGit]), event };
  expect(answerDecision(agent, decision, bytes('{}'))).toEqual({
    stdout: '{"systemMessage":"hookpool: The hook guard: hook: line 1: git: command not found"}\n',
    stderr: '',
    exitCode: 0,
  });
  const both = { ...decision, systemMessage: 'slow' };
  expect(JSON.parse(answerDecision(agent, both, bytes('{}')).stdout).systemMessage).toBe(
    'slow\nhookpool: The hook guard: hook: line 1: git: command not found',
  );
});
