/** What a server remembers of a conversation, and hooks that nobody waits for. */
import { expect, test, vi } from 'vitest';
import { auditAnswer, decisionAnswer } from '../../src/server/answer-schemas.ts';
import { appUnderTest, fakeRun } from './app-under-test.ts';

const context = (more: object = {}) => ({
  hook_event_name: 'PreToolUse',
  tool_name: 'Bash',
  session_id: 's',
  ...more,
});

function asking(app: ReturnType<typeof appUnderTest>['app'], payload: object) {
  return app
    .inject({ method: 'POST', url: '/v1/evaluate', payload })
    .then((answer) => decisionAnswer.parse(answer.json()));
}

test('a hook that runs once does so by the session of the context, or by the thread of the request', async () => {
  const { app, jobs } = appUnderTest();
  const hooks = { PreToolUse: [{ matcher: '*', command: 'exit 0', once: true }] };
  await asking(app, { hooks, context: context() });
  expect((await asking(app, { hooks, context: context() })).skipped).toEqual(['PreToolUse[0]']);
  expect(jobs).toHaveLength(1);
  await asking(app, { hooks, context: context({ session_id: 'other' }) });
  await asking(app, { hooks, context: context(), thread: 't' });
  expect(jobs).toHaveLength(3);
  expect(
    (await asking(app, { hooks, context: context({ session_id: 'third' }), thread: 't' })).skipped,
  ).toHaveLength(1);
  await asking(app, { hooks, context: { ...context(), session_id: undefined } });
  await asking(app, { hooks, context: { ...context(), session_id: undefined } });
  expect(jobs).toHaveLength(5);
});

test('a replay is no event of the conversation', async () => {
  const { app, jobs } = appUnderTest({ keepContexts: true });
  const hooks = { PreToolUse: [{ matcher: '*', command: 'exit 0', once: true }] };
  await asking(app, { hooks, context: context(), evaluationId: 'e1' });
  await app.inject({ method: 'POST', url: '/v1/evaluations/e1/replay' });
  expect(jobs).toHaveLength(2);
});

test('an async hook is answered at once, has a record of its own, and the server closes after it', async () => {
  let release: () => void = () => undefined;
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });
  const run: typeof fakeRun = async (job) => {
    if (job.hook.async === true) await released;
    return fakeRun(job);
  };
  const { app, records } = appUnderTest({ backend: { run } });
  const hooks = {
    PreToolUse: [
      { matcher: '*', hooks: [{ command: 'exit 2', async: true }, { command: 'exit 0' }] },
    ],
  };
  const decision = await asking(app, { hooks, context: context(), evaluationId: 'e1' });
  expect(decision).toMatchObject({
    decision: 'none',
    background: ['PreToolUse[0]'],
    results: [{ hook: 'PreToolUse[1]' }],
  });
  expect(records).toMatchObject([{ id: 'e1', background: ['PreToolUse[0]'] }]);
  const closed = vi.fn();
  const closing = app.close().then(closed);
  await vi.waitFor(() => expect(app.server.listening).toBe(false));
  expect(closed).not.toHaveBeenCalled();
  release();
  await closing;
  expect(records).toHaveLength(2);
  expect(auditAnswer.parse(records[1])).toMatchObject({
    id: 'e1',
    async: true,
    decision: 'none',
    hooks: [{ hook: 'PreToolUse[0]', decision: 'block', reason: 'because' }],
  });
});

test('an async hook is counted as a run and not as an evaluation', async () => {
  const { app } = appUnderTest();
  const hooks = { PreToolUse: [{ matcher: '*', command: 'exit 2', async: true }] };
  await asking(app, { hooks, context: context() });
  const metrics = async () => (await app.inject({ method: 'GET', url: '/metrics' })).body;
  await vi.waitFor(async () =>
    expect(await metrics()).toContain('hookpool_runs_total{status="exited",profile="none"} 1'),
  );
  expect(await metrics()).toContain('hookpool_evaluations_total{decision="none",cause="none"} 1');
});

test('a stored set tells what it was changed to, and takes enabled: false', async () => {
  const { app } = appUnderTest();
  const payload = {
    hooks: {
      Stop: [
        { command: 'exit 0', timeout: 999 },
        { command: 'exit 0', enabled: false },
      ],
    },
  };
  const answer = await app.inject({ method: 'PUT', url: '/v1/hooksets/x', payload });
  expect(answer.json()).toMatchObject({
    hookCount: 1,
    warnings: [{ line: 1, message: expect.stringContaining('300 s') }],
  });
});
