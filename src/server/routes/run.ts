/**
 * POST /v1/run: runs one script in a sandbox and returns the facts of the run, without a hook or a
 * decision.
 */
import type { FastifyInstance, FastifyReply } from 'fastify';
import { UnavailableError } from '../../errors.ts';
import { maxScriptBytes } from '../../protocol/limits.ts';
import type { ProfileContents } from '../../protocol/profile.ts';
import {
  defaultRunLimits,
  maxContextBytes,
  type RunRequest,
  type Runtime,
  type ScriptFacts,
  stderrTruncated,
  stdoutTruncated,
} from '../../protocol/run.ts';
import { kindOf } from '../../protocol/sandbox-kind.ts';
import { parseScript, type Script } from '../../protocol/script.ts';
import { runAnswer } from '../answer-schemas.ts';
import { asRawBody, jsonTypes } from '../body.ts';
import type { ServerDeps } from '../deps.ts';
import { HttpError, inField } from '../http-error.ts';
import { type Operations, register } from '../operation.ts';
import type { Reader } from '../reading/reader.ts';
import { accountOf, settleTenant } from '../request-input.ts';
import { runBody } from '../request-schemas.ts';

export const runOperations = {
  run: {
    method: 'post',
    path: '/v1/run',
    about: 'One script in a sandbox: the facts of its run.',
    role: 'evaluate',
    heavy: true,
    body: { types: jsonTypes, schema: runBody },
    answers: { 200: { schema: runAnswer } },
    errors: [413, 415],
  },
} as const satisfies Operations;

export function runRoutes(
  app: FastifyInstance,
  { backend, isolation, profiles }: ServerDeps,
  reader: Reader,
): void {
  register(app, runOperations, {
    run: async ({ request, reply }) => {
      const value = await reader.runRequest(asRawBody(request.body), {
        tenant: accountOf(request),
      });
      const tenant = settleTenant(request, value.tenant);
      const script = readScript(value.script, value.runtime);
      const stdin = Buffer.from(value.stdin ?? '');
      if (stdin.length > maxContextBytes) {
        throw new HttpError(
          413,
          'TOO_LARGE',
          `stdin has ${stdin.length} bytes; ${maxContextBytes} are the most.`,
          '/stdin',
        );
      }
      const run: RunRequest = {
        runtime: script.runtime,
        script: Buffer.from(script.source),
        stdin,
        limits: { ...defaultRunLimits, timeoutMs: value.timeoutMs ?? defaultRunLimits.timeoutMs },
      };
      const kind = kindOf({ profile: knownProfile(value.profile, profiles) });
      const asked = { tenant, isolation: value.isolation ?? isolation, kind, request: run };
      return facts(await backend.runScript(asked, untilGone(reply)));
    },
  });
}

function readScript(text: string, runtime: Runtime | undefined): Script {
  const script = inField('/script', () => parseScript(text, maxScriptBytes));
  return { ...script, runtime: runtime ?? script.runtime };
}

/** @throws HttpError 400 for a name that the operator's list does not have */
function knownProfile(
  name: string | undefined,
  profiles: readonly ProfileContents[] | undefined,
): string | undefined {
  const names = profiles?.map((one) => one.name);
  if (name === undefined || names === undefined || names.includes(name)) return name;
  const text = `There is no profile "${name}" here. Known: ${names.join(', ')}.`;
  throw new HttpError(400, 'PROFILE_MISSING', text, '/profile');
}

/** A signal that is aborted when the client disconnects before it has its answer. */
function untilGone(reply: FastifyReply): AbortSignal {
  const controller = new AbortController();
  reply.raw.once('close', () => {
    if (reply.raw.writableFinished) return;
    controller.abort(
      new UnavailableError('HOOK_CANCELLED', 'The caller has closed the connection.'),
    );
  });
  return controller.signal;
}

function facts({ run, leaseMs, ranIn }: ScriptFacts): object {
  const { status, exitCode, signal, oomKills, wallMs, cpuMs } = run;
  return {
    status,
    exitCode,
    signal,
    ...texts('stdout', run.stdout),
    ...texts('stderr', run.stderr),
    stdoutTruncated: stdoutTruncated(run),
    stderrTruncated: stderrTruncated(run),
    oomKills,
    leaseMs,
    wallMs,
    cpuMs,
    ranIn,
  };
}

/** JSON cannot hold bytes: output that is not valid UTF-8 is also sent as base64. */
function texts(name: 'stdout' | 'stderr', bytes: Uint8Array): Record<string, string> {
  const buffer = Buffer.from(bytes);
  const text = buffer.toString();
  return Buffer.from(text).equals(buffer)
    ? { [name]: text }
    : { [name]: text, [`${name}Base64`]: buffer.toString('base64') };
}
