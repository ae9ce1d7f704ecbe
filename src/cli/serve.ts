/**
 * `hookpool serve`: opens the HTTP API and all that it needs, and closes them in a graceful
 * shutdown.
 */
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import type { Logger } from 'pino';
import type { Registry } from 'prom-client';
import {
  type Config,
  readConfig,
  readPassedSockets,
  readServerConfig,
  type ServerConfig,
} from '../config.ts';
import { standardDescriptor } from '../descriptor.ts';
import { InvalidInputError, messageOf } from '../errors.ts';
import { openLog } from '../log.ts';
import { evaluationMetrics, exposition, logMetrics, openRegistry } from '../metrics.ts';
import type { Workspaces } from '../sandbox/workspace/workspaces.ts';
import { buildApp } from '../server/app.ts';
import { type AuditLog, auditStream, openAuditFile } from '../server/audit-log.ts';
import { parseTokens, type Token } from '../server/auth.ts';
import type { Backend, ServerDeps } from '../server/deps.ts';
import { openReaderThreads } from '../server/reading/reader.ts';
import { type Arguments, type Command, exitCodes, type Io } from './command.ts';
import { consoleFiles } from './console-files.ts';
import { openJudges } from './judges.ts';
import { knownOutbound } from './known-outbound.ts';
import { listenOnAll, type Place, readMode, readPlaces, requireLoopback } from './listening.ts';
import { openHttpHooks, refuseOutboundFiles } from './outbound.ts';
import { type OpenBackend, openPoolBackend } from './pool-backend.ts';
import { listedContents } from './profiles/read-profiles.ts';
import { openTracing } from './tracing/open-tracing.ts';
import type { Tracing } from './tracing/tracing.ts';
import { version } from './version.ts';
import { readWorkspaces, workspaceOption, workspaceUsage } from './workspace-option.ts';

const usage = `hookpool serve [--listen HOST:PORT|unix:///PATH]... [--tokens FILE] [--audit FILE|-] [--keep-contexts]

Answers over HTTP which decision the hooks of an event make. GET /docs lists the addresses.

  --listen HOST:PORT   default: HOOKPOOL_LISTEN or 127.0.0.1:4665; port 0 takes a free one. Any other
                       than a loopback address needs tokens. May be repeated
  --listen unix:///PATH  a socket. Without tokens, who may write to the file may do everything. A file
                       that nobody listens on any more is replaced
  --socket-mode MODE   rights of the file of each socket, octal; default: 0600
  --tokens FILE        who may call: a JSON or YAML list of {token | tokenSha256, tenant, role}.
                       Default: HOOKPOOL_TOKENS_FILE, or the list itself in HOOKPOOL_TOKENS
  --audit FILE|-       append one JSON line per evaluation; "-" is stdout. Default: HOOKPOOL_AUDIT_FILE
${workspaceUsage(23)}.
                       With a queue it is an option of the workers
  --keep-contexts      contexts go into the audit trail, so that evaluations can be replayed

With HOOKPOOL_REDIS_URL (or _SENTINELS, _CLUSTER) the hooks are run by hookpool worker processes, and
http, prompt and agent hooks by hookpool worker --outbound; else in this process.

Sockets that systemd has opened (LISTEN_FDS) are used too, and in the place of the default address.

SIGTERM or SIGINT: takes no more requests, answers those it has, removes its containers, exits 0. A
second one exits at once. SIGHUP: opens the audit file anew. The log is JSON lines on stderr. Exit code: 64 bad usage, or an address
that cannot be used.
`;

export const serveCommand: Command = {
  usage,
  options: {
    listen: { type: 'string', multiple: true },
    'socket-mode': { type: 'string' },
    tokens: { type: 'string' },
    audit: { type: 'string' },
    ...workspaceOption,
    'keep-contexts': { type: 'boolean' },
  },
  run: serve,
};

async function serve(args: Arguments, io: Io): Promise<number> {
  args.noPositionals();
  const stop = io.stopSignal();
  const config = readConfig();
  const settings = readServerConfig();
  const tokens = readTokens(args, settings);
  const places = readServerPlaces(args, settings, tokens);
  const socketMode = readMode('socket-mode', args.text('socket-mode') ?? '0600');
  const throughSocket = new WeakSet<object>();
  const workspaces = readServerWorkspaces(args, settings, io);
  if (settings.queued) refuseOutboundFiles();
  const tracing = await openTracing('hookpool-serve', (error) => tell(logger, error));
  const audit = openAudit(args.text('audit') ?? settings.auditFile, io);
  const log = openLog(settings.logLevel);
  const { logger } = log;
  const registry = openRegistry(version());
  logMetrics(registry, log.dropped);
  const { backend, stores, relay, close } = await openBackend({
    config,
    queued: settings.queued,
    registry,
    logger,
    workspaces,
  });
  const readerThreads = openReaderThreads();
  const profiles = listedContents();
  const names = profiles.map(({ name }) => name);
  const app = buildApp({
    readerThreads,
    ...tracedParts(tracing, backend, settings.queued ? config.queue : undefined),
    isolation: config.isolation,
    profiles,
    urgentTiers: settings.urgentTiers,
    tokens,
    throughSocket,
    ...stores,
    relay,
    audit: (record) => audit?.write(record),
    keepContexts: args.flag('keep-contexts') || settings.keepContexts,
    recordSubjects: settings.recordSubjects,
    metrics: { ...exposition(registry), ...evaluationMetrics(registry, names) },
    version: version(),
    console: consoleFiles(),
    bodyLimitBytes: settings.bodyLimitBytes,
    maxInFlight: settings.maxInFlight,
    logger,
  });
  try {
    const urls = await listenOnAll(app, places, {
      socketMode,
      throughSocket,
      open: tokens.length === 0,
    });
    for (const url of urls) logger.info({ url, isolation: config.isolation }, 'listening');
    if (!stop.aborted) await once(stop, 'abort');
    logger.info('closing');
    await app.close();
  } finally {
    await readerThreads.close();
    await close();
    await tracing?.close();
    await audit?.close();
  }
  logger.info('closed');
  await log.close();
  return exitCodes.ok;
}

function tell(logger: Logger, { message }: Error): void {
  logger.warn({ reason: message }, 'tracing');
}

/** @param queue undefined: the hooks run in this process */
function tracedParts(
  tracing: Tracing | undefined,
  backend: Backend,
  queue: string | undefined,
): Pick<ServerDeps, 'backend' | 'traced'> {
  if (tracing === undefined) return { backend };
  return { backend: tracing.backend(backend, queue), traced: tracing.evaluation };
}

interface BackendSettings {
  readonly config: Config;
  readonly queued: boolean;
  readonly registry: Registry;
  readonly logger: Logger;
  readonly workspaces: Workspaces | undefined;
}

/**
 * With a Redis, jobs go to workers, else they run in this process. The rest of the server does not
 * depend on it.
 */
async function openBackend({
  config,
  queued,
  registry,
  logger,
  workspaces,
}: BackendSettings): Promise<OpenBackend> {
  if (!queued)
    return openPoolBackend(config, registry, {
      ...{ http: await openHttpHooks(), judges: await openJudges(), workspaces },
      knownOutbound: await knownOutbound(),
      onRest: (judge, restMs, why) =>
        logger.error({ judge, restMs, why }, 'a judge is not asked for a while'),
      onSpent: (judge, tenant, why) =>
        logger.warn({ judge, tenant, why }, 'the limit of a tenant is spent'),
    });
  const { openQueueBackend } = await import('./queue-backend.ts');
  return openQueueBackend(config, registry, logger);
}

function readServerWorkspaces(
  args: Arguments,
  { queued }: ServerConfig,
  io: Io,
): Workspaces | undefined {
  const workspaces = readWorkspaces(args, io);
  if (workspaces === undefined || !queued) return workspaces;
  const text = '--workspace: with a queue the workers run the hooks. Give it to hookpool worker.';
  throw new InvalidInputError('INVALID_CONFIG', text);
}

function readServerPlaces(
  args: Arguments,
  settings: ServerConfig,
  tokens: readonly Token[],
): readonly Place[] {
  const given = args.list('listen');
  const places = readPlaces(given.length > 0 ? given : settings.listen, readPassedSockets());
  for (const place of tokens.length > 0 ? [] : places)
    if ('host' in place) requireLoopback(place.host);
  return places;
}

function readTokens(args: Arguments, { tokens, tokensFile }: ServerConfig): readonly Token[] {
  const file = args.text('tokens') ?? tokensFile;
  if (file === undefined) return tokens === undefined ? [] : parseTokens('HOOKPOOL_TOKENS', tokens);
  return parseTokens(
    file,
    attempt(`Cannot read the tokens in ${file}`, () => readFileSync(file, 'utf8')),
  );
}

function openAudit(file: string | undefined, io: Io): AuditLog | undefined {
  if (file === undefined) return undefined;
  if (file === '-') return auditStream(standardDescriptor(1));
  const audit = attempt(`Cannot write the audit trail to ${file}`, () => openAuditFile(file));
  io.onHangUp(() => audit.reopen());
  return audit;
}

function attempt<T>(what: string, action: () => T): T {
  try {
    return action();
  } catch (error) {
    throw new InvalidInputError('INVALID_CONFIG', `${what}: ${messageOf(error)}.`, {
      cause: error,
    });
  }
}
