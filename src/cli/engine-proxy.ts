/** `hookpool engine-proxy`: the restricted socket that workers use instead of the engine's. */
import { once } from 'node:events';
import path from 'node:path';
import { readConfig, readServerConfig } from '../config.ts';
import { openLog } from '../log.ts';
import { Engine } from '../sandbox/engine.ts';
import { EngineProxy, type FailedCall } from '../sandbox/engine-proxy/engine-proxy.ts';
import { readSeccompProfile } from '../sandbox/image.ts';
import { type Arguments, type Command, exitCodes, type Io } from './command.ts';
import { readMode } from './listening.ts';
import { poolOptions } from './pool-options.ts';
import { readWorkspaces, workspaceOption } from './workspace-option.ts';

const usage = `hookpool engine-proxy --socket PATH [--mode 0660] [--max N]

Listens on a unix socket and passes on to the container engine (DOCKER_HOST) only what hookpool's
sandboxes need: a worker with DOCKER_HOST=unix://PATH makes sandboxes and nothing else.

  --socket PATH   where to listen; a socket that nobody answers on any more is replaced
  --mode MODE     rights of the socket file, octal; default: 0660
  --max N         sandboxes that may exist at once; default: twice HOOKPOOL_MAX, because those that go
                  overlap with those that come. For several workers: twice the sum of theirs
  --workspace DIR a folder that the workers' sandboxes may read, or 'DIR/*' for each folder in it; the
                  workers need the same option. May be repeated

Proxy and workers must be of one version and have the same HOOKPOOL_IMAGE, HOOKPOOL_OCI_RUNTIME,
HOOKPOOL_MEMORY_MIB and HOOKPOOL_PROFILES. What is refused is logged as JSON lines on stderr.

SIGTERM or SIGINT: closes the socket, ends every sandbox, exits 0; stop the workers first. A second one
exits at once. Exit code: 64 bad usage, or a socket that cannot be used.
`;

export const engineProxyCommand: Command = {
  usage,
  options: {
    socket: { type: 'string' },
    mode: { type: 'string' },
    max: { type: 'string' },
    ...workspaceOption,
  },
  run: proxy,
};

/** Limit of the log: a client that is refused may try often, and must not flood it. */
const linesPerSecond = 10;

async function proxy(args: Arguments, io: Io): Promise<number> {
  args.noPositionals();
  const socket = path.resolve(args.required('socket'));
  const mode = readMode('mode', args.text('mode') ?? '0660');
  const { image, ociRuntime, profiles, max: poolMax } = poolOptions(readConfig());
  const max = Math.floor(args.number('max', 1, 10_000) ?? poolMax * 2);
  const workspaces = readWorkspaces(args, io);
  const stop = io.stopSignal();
  const log = openLog(readServerConfig().logLevel);
  const { logger } = log;
  const engineProxy = new EngineProxy({
    engine: new Engine(),
    spec: { profiles, seccompProfile: readSeccompProfile(), runtime: ociRuntime },
    workspaces,
    max,
    observe: atMost(linesPerSecond, (call, leftOut) =>
      logger.warn({ ...call, ...(leftOut > 0 ? { leftOut } : {}) }, 'not done'),
    ),
  });
  await engineProxy.listen(socket, mode);
  logger.info({ socket, image, max }, 'listening');
  if (!stop.aborted) await once(stop, 'abort');
  logger.info('closing');
  await engineProxy.close();
  logger.info('closed');
  await log.close();
  return exitCodes.ok;
}

/**
 * Logs up to `perSecond` calls in a second; the next one then carries the number of those that were
 * left out.
 */
export function atMost(
  perSecond: number,
  log: (call: FailedCall, leftOut: number) => void,
): (call: FailedCall) => void {
  let second = 0;
  let lines = 0;
  let leftOut = 0;
  return (call) => {
    const now = Math.floor(performance.now() / 1000);
    if (now !== second) {
      second = now;
      lines = 0;
    }
    if (++lines > perSecond) {
      leftOut++;
      return;
    }
    log(call, leftOut);
    leftOut = 0;
  };
}
