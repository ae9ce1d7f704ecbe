/** What project the tools of a judge read, and what a missing one means. */
import { beforeEach, describe, expect, it } from 'vitest';
import { SandboxError } from '../../../src/errors.ts';
import type { ScriptRun, ScriptRunner } from '../../../src/protocol/run.ts';
import { bytes } from '../../protocol/samples.ts';
import { useServices } from '../http-hook-rig.ts';
import { ask, call, grep, http, no, printing, sent } from './rig.ts';

const services = useServices();
const answering = (...answers: object[]) => services.answering(...answers.map((one) => http(one)));
const action = { kind: 'agent', tools: ['ReadFile', 'GrepSearch'] } as const;
let runs: ScriptRun[];
beforeEach(() => {
  runs = [];
});

/** A result of a hook whose project is missing. @param note its diagnostic; undefined: no verdict. */
const missing = (note: string | undefined) => {
  const message = 'The judge reads no project: /x is no workspace.';
  return note === undefined
    ? { cause: { code: 'WORKSPACE_FAILED', message } }
    : { reason: 'no evidence', diagnostics: [{ code: note, message }] };
};

describe('a judge', () => {
  it('uses its tools in the project of its event', async () => {
    const port = await answering(call('ReadFile', { file: 'a.txt' }), no);
    const projectOf = async (cwd: string | undefined) => ({ cwd: `${cwd}/sub` });
    const options = { runScript: printing(runs, ''), projectOf };
    await ask(port, { action, cwd: '/p', options });
    expect(runs).toMatchObject([{ cwd: '/p/sub' }]);
    expect(JSON.stringify(sent(services.requests[0])['tools'])).toContain('a path in the project');
  });

  it('uses its tools in no project where there is none', async () => {
    const port = await answering(call('ReadFile', { file: 'a.txt' }), no);
    await ask(port, { action, cwd: '/p', options: { runScript: printing(runs, '') } });
    expect(runs[0]).not.toHaveProperty('cwd');
    expect(JSON.stringify(sent(services.requests[0])['tools'])).not.toContain('in the project');
  });

  it.each([
    ['a folder that it may not read', 'block', true, 'agent', undefined],
    ['a folder that it may not read', 'ask', true, 'agent', undefined],
    ['a folder that it may not read', 'allow', true, 'agent', 'judge-project'],
    ['no folder', 'block', false, 'agent', 'judge-project'],
    ['a folder that it may not read', 'block', true, 'prompt', 'judge-project'],
  ] as const)('of an event that names %s: failMode %s, named %s, %s', async (...given) => {
    const [, failMode, isNamed, kind, note] = given;
    const port = await answering(no);
    const projectOf = async () => ({ missing: '/x is no workspace.', isNamed });
    const options = { runScript: printing(runs, ''), projectOf };
    const result = await ask(port, {
      ...{ action: { kind, tools: ['ReadFile'] }, hook: { failMode }, options },
      transcript: bytes('x'),
    });
    expect(result).toMatchObject(missing(note));
    expect(services.requests).toHaveLength(note === undefined ? 0 : 1);
  });

  it.each([
    ['block', 'agent', undefined],
    ['allow', 'agent', 'judge-project'],
    ['block', 'prompt', 'judge-project'],
  ] as const)('whose project no sandbox has: failMode %s, %s', async (failMode, kind, note) => {
    const grepped = printing(runs, '7:p95');
    const runScript: ScriptRunner = (script, signal) =>
      script.cwd === undefined
        ? grepped(script, signal)
        : Promise.reject(new SandboxError('WORKSPACE_FAILED', '/x is no workspace.'));
    const port = await answering(grep, grep, no);
    const result = await ask(port, {
      ...{ action: { kind, tools: ['GrepSearch'] }, hook: { failMode }, transcript: bytes('x') },
      options: { runScript, projectOf: async () => ({ cwd: '/x' }) },
    });
    expect(result).toMatchObject(missing(note));
    // Both uses have run without the project, and it was missed once.
    expect(runs).toHaveLength(note === undefined ? 0 : 2);
    expect(services.requests).toHaveLength(note === undefined ? 1 : 3);
  });
});
