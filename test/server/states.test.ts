/** Whose the state of a hook is, behind the routes. */
import { expect, test } from 'vitest';
import type { CommandJob } from '../../src/protocol/job.ts';
import { decide } from '../../src/protocol/verdict/decide.ts';
import { exited } from '../protocol/samples.ts';
import { packOf } from '../support/state-packs.ts';
import { appUnderTest, stopHook } from './app-under-test.ts';

const leaving = async (job: CommandJob) => ({
  ...decide(job.dialect, job.hook, exited(0)),
  state: { pack: packOf([{ path: `n${job.state?.length}`, content: '' }]), leftOut: 0 },
});

function server() {
  const { app, jobs } = appUnderTest({ backend: { run: leaving } });
  const hooks = (script: string) => ({ hooks: stopHook(script, { state: 'session' }) });
  const put = (name: string, script: string) =>
    app.inject({ method: 'PUT', url: `/v1/hooksets/${name}`, payload: hooks(script) });
  /** @returns whether the hook began with a state. */
  const ask = async (asked: object, session = 's') => {
    const context = { hook_event_name: 'Stop', session_id: session };
    const payload = { context, ...asked };
    const answer = await app.inject({ method: 'POST', url: '/v1/evaluate', payload });
    expect(answer.statusCode).toBe(200);
    expect(answer.body).not.toContain('"state"');
    const length = jobs.at(-1)?.state?.length;
    return length === undefined ? undefined : length > 0;
  };
  return { put, ask, hooks };
}

test('that of a stored set is found by its name, whatever its scripts have become', async () => {
  const { put, ask } = server();
  await put('one', 'exit 0');
  await put('two', 'exit 0');
  expect(await ask({ hookset: 'one' })).toBe(false);
  expect(await ask({ hookset: 'one' })).toBe(true);
  expect(await ask({ hookset: 'two' })).toBe(false);
  expect(await ask({ hookset: 'one' }, 'other')).toBe(false);
  await put('one', 'exit 1');
  expect(await ask({ hookset: 'one' })).toBe(true);
});

test('that of hooks that come with the request is found by their text', async () => {
  const { ask, hooks } = server();
  expect(await ask(hooks('exit 0'))).toBe(false);
  expect(await ask(hooks('exit 0'))).toBe(true);
  expect(await ask(hooks('exit 1'))).toBe(false);
});

test('the thread of the request is the session, before that of the context', async () => {
  const { ask, hooks } = server();
  expect(await ask({ ...hooks('exit 0'), thread: 't' }, 'a')).toBe(false);
  expect(await ask({ ...hooks('exit 0'), thread: 't' }, 'b')).toBe(true);
  expect(await ask(hooks('exit 0'), 'a')).toBe(false);
});
