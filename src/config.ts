/** Reads the environment. cli/hook/environment.ts is the only other file that does. */
import { z } from 'zod';
import { address, hosts, socketPlace, whole } from './config-values.ts';
import { InvalidInputError } from './errors.ts';
import { type Tier, tiers } from './protocol/dialect.ts';
import { isolations } from './protocol/run.ts';

const schema = z.object({
  /** Sandbox image; default: the one that belongs to this version. */
  HOOKPOOL_IMAGE: z.string().min(1).optional(),
  /** OCI runtime, as the engine calls it (runc, runsc); default: the engine's own. */
  HOOKPOOL_OCI_RUNTIME: z.string().min(1).optional(),
  /** Never-used sandboxes to keep ready. */
  HOOKPOOL_WARM: whole(0, 64).prefault('1'),
  /** Sandboxes that may exist at once. */
  HOOKPOOL_MAX: whole(1, 256).prefault('8'),
  HOOKPOOL_ISOLATION: z.enum(isolations).default('tenant'),
  /**
   * A JSON or YAML list of {name, image | with, base, memoryMib, pids, cpus, scratchMib, programs,
   * modules}, or the name of a file that holds it.
   */
  HOOKPOOL_PROFILES: z.string().min(1).optional(),
  HOOKPOOL_PROFILES_FILE: z.string().min(1).optional(),
  HOOKPOOL_MEMORY_MIB: whole(64, 16_384).prefault('256'),
  /** redis:// or rediss:// (TLS), with user, password and database where there are any. */
  HOOKPOOL_REDIS_URL: z
    .url({ protocol: /^rediss?$/, error: 'must be a redis:// or rediss:// address' })
    .default('redis://127.0.0.1:6379'),
  /**
   * Sentinels as host:port, separated by commas; the URL then gives user, password, database and
   * TLS.
   */
  HOOKPOOL_REDIS_SENTINELS: hosts.optional(),
  HOOKPOOL_REDIS_MASTER: z.string().min(1).default('mymaster'),
  /** Some nodes of a Redis Cluster as host:port, separated by commas. */
  HOOKPOOL_REDIS_CLUSTER: hosts.optional(),
  /**
   * PEM file of the certificate authorities that are trusted for Redis; default: the public ones.
   */
  HOOKPOOL_REDIS_CA_FILE: z.string().min(1).optional(),
  /** Name of the queue: dispatchers and workers of one name belong together. */
  HOOKPOOL_QUEUE: z
    .string()
    .regex(/^[a-zA-Z0-9_-]{1,64}$/, 'must be 1 to 64 letters, digits, "_" or "-"')
    .refine((name) => !name.endsWith('-outbound'), {
      message: 'must not end with "-outbound": that is the queue of its outbound workers',
    })
    .default('hooks'),
});

export interface Config {
  readonly image: string | undefined;
  readonly ociRuntime: string | undefined;
  readonly warm: number;
  readonly max: number;
  readonly isolation: (typeof isolations)[number];
  readonly memoryBytes: number;
  readonly profiles: string | undefined;
  readonly profilesFile: string | undefined;
  readonly redis: {
    readonly url: string;
    readonly sentinels: readonly string[] | undefined;
    readonly sentinelMaster: string;
    readonly cluster: readonly string[] | undefined;
    readonly caFile: string | undefined;
  };
  readonly queue: string;
}

/** @throws InvalidInputError `INVALID_CONFIG` naming the variable, its limit and its value. */
export function readConfig(env: NodeJS.ProcessEnv = process.env): Config {
  const parsed = schema.safeParse(env);
  if (!parsed.success) {
    const text = parsed.error.issues.map(
      (issue) =>
        `${issue.path.join('.')}: ${issue.message} (it is ${JSON.stringify(withoutPassword(env[String(issue.path[0])]))})`,
    );
    throw new InvalidInputError(
      'INVALID_CONFIG',
      `The environment cannot be used. ${text.join('; ')}.`,
    );
  }
  const values = parsed.data;
  return Object.freeze({
    image: values.HOOKPOOL_IMAGE,
    ociRuntime: values.HOOKPOOL_OCI_RUNTIME,
    warm: values.HOOKPOOL_WARM,
    max: values.HOOKPOOL_MAX,
    isolation: values.HOOKPOOL_ISOLATION,
    memoryBytes: values.HOOKPOOL_MEMORY_MIB * 1024 * 1024,
    profiles: values.HOOKPOOL_PROFILES,
    profilesFile: values.HOOKPOOL_PROFILES_FILE,
    redis: {
      url: values.HOOKPOOL_REDIS_URL,
      sentinels: values.HOOKPOOL_REDIS_SENTINELS,
      sentinelMaster: values.HOOKPOOL_REDIS_MASTER,
      cluster: values.HOOKPOOL_REDIS_CLUSTER,
      caFile: values.HOOKPOOL_REDIS_CA_FILE,
    },
    queue: values.HOOKPOOL_QUEUE,
  });
}

const logLevels = ['fatal', 'error', 'warn', 'info', 'debug', 'silent'] as const;
export type LogLevel = (typeof logLevels)[number];

const serverSchema = z.object({
  /** Addresses and sockets, separated by commas. Default: 127.0.0.1:4665. */
  HOOKPOOL_LISTEN: z
    .string()
    .transform((text) => text.split(','))
    .pipe(z.array(z.union([address, socketPlace])))
    .optional(),
  /**
   * A JSON or YAML list of {token | tokenSha256, tenant, role}, or the name of a file that holds
   * it.
   */
  HOOKPOOL_TOKENS: z.string().min(1).optional(),
  HOOKPOOL_TOKENS_FILE: z.string().min(1).optional(),
  /** File to which the audit trail is appended; "-" is stdout. Default: no audit trail. */
  HOOKPOOL_AUDIT_FILE: z.string().min(1).optional(),
  /** Whether contexts are written to the audit trail, so that evaluations can be replayed. */
  HOOKPOOL_KEEP_CONTEXTS: z.enum(['true', 'false']).default('false'),
  /** Whether records have what a tool is used on: a command, a path. */
  HOOKPOOL_RECORD_SUBJECTS: z.enum(['true', 'false']).default('true'),
  /**
   * Tiers whose hooks are urgent and precede the turns of all tenants, separated by commas.
   * Default: none.
   */
  HOOKPOOL_URGENT_TIERS: z
    .string()
    .transform((text) => text.split(','))
    .pipe(z.array(z.enum(tiers)))
    .optional(),
  HOOKPOOL_LOG_LEVEL: z.enum(logLevels).default('info'),
  /** Limit of a request body in MiB. */
  HOOKPOOL_BODY_MIB: whole(1, 64).prefault('20'),
  /** Maximum number of evaluations and runs at once; more are refused with 503. */
  HOOKPOOL_MAX_IN_FLIGHT: whole(1, 100_000).prefault('512'),
});

export interface ServerConfig {
  /** Undefined: the default address, or the sockets that systemd has opened. */
  readonly listen: readonly string[] | undefined;
  readonly tokens: string | undefined;
  readonly tokensFile: string | undefined;
  readonly auditFile: string | undefined;
  readonly keepContexts: boolean;
  readonly recordSubjects: boolean;
  readonly urgentTiers: readonly Tier[];
  readonly logLevel: LogLevel;
  readonly bodyLimitBytes: number;
  readonly maxInFlight: number;
  /** Whether a Redis is configured: jobs then go to workers, else they run in this process. */
  readonly queued: boolean;
}

/** @throws InvalidInputError `INVALID_CONFIG` naming the variable and what it must be */
export function readServerConfig(env: NodeJS.ProcessEnv = process.env): ServerConfig {
  const parsed = serverSchema.safeParse(env);
  if (!parsed.success) throw unusable(parsed.error);
  const values = parsed.data;
  const redis = [
    env['HOOKPOOL_REDIS_URL'],
    env['HOOKPOOL_REDIS_SENTINELS'],
    env['HOOKPOOL_REDIS_CLUSTER'],
  ];
  return Object.freeze({
    listen: values.HOOKPOOL_LISTEN,
    tokens: values.HOOKPOOL_TOKENS,
    tokensFile: values.HOOKPOOL_TOKENS_FILE,
    auditFile: values.HOOKPOOL_AUDIT_FILE,
    keepContexts: values.HOOKPOOL_KEEP_CONTEXTS === 'true',
    recordSubjects: values.HOOKPOOL_RECORD_SUBJECTS === 'true',
    urgentTiers: values.HOOKPOOL_URGENT_TIERS ?? [],
    logLevel: values.HOOKPOOL_LOG_LEVEL,
    bodyLimitBytes: values.HOOKPOOL_BODY_MIB * 1024 * 1024,
    maxInFlight: values.HOOKPOOL_MAX_IN_FLIGHT,
    queued: redis.some((value) => value !== undefined),
  });
}

/** The first descriptor that systemd hands over (sd_listen_fds(3)). */
const firstPassed = 3;

/** The descriptors of sockets that systemd has opened for this process; mostly none. */
export function readPassedSockets(
  env: NodeJS.ProcessEnv = process.env,
  pid: number = process.pid,
): readonly number[] {
  const count = env['LISTEN_PID'] === String(pid) ? Number(env['LISTEN_FDS']) : 0;
  const isCount = Number.isInteger(count) && count > 0 && count <= 64;
  return isCount ? Array.from({ length: count }, (_, at) => firstPassed + at) : [];
}

export interface WorkerConfig {
  /** Address at which a worker answers probes; undefined: none. */
  readonly listen: string | undefined;
}

/** @throws InvalidInputError `INVALID_CONFIG` naming the variable and what it must be */
export function readWorkerConfig(env: NodeJS.ProcessEnv = process.env): WorkerConfig {
  const parsed = z.object({ HOOKPOOL_WORKER_LISTEN: address.optional() }).safeParse(env);
  if (!parsed.success) throw unusable(parsed.error);
  return { listen: parsed.data.HOOKPOOL_WORKER_LISTEN };
}

export interface TargetsConfig {
  /** YAML or JSON with the targets and secrets of http hooks; undefined: there are none. */
  readonly targetsFile: string | undefined;
  /** YAML or JSON with the judges of prompt and agent hooks; undefined: there are none. */
  readonly judgesFile: string | undefined;
  /** The variables that secrets and judges name as `keyEnv`. */
  readonly variable: (name: string) => string | undefined;
}

/** @throws InvalidInputError `INVALID_CONFIG` naming the variable and what it must be */
export function readTargetsConfig(env: NodeJS.ProcessEnv = process.env): TargetsConfig {
  const file = z.string().min(1).optional();
  const parsed = z
    .object({ HOOKPOOL_TARGETS_FILE: file, HOOKPOOL_JUDGES_FILE: file })
    .safeParse(env);
  if (!parsed.success) throw unusable(parsed.error);
  return {
    targetsFile: parsed.data.HOOKPOOL_TARGETS_FILE,
    judgesFile: parsed.data.HOOKPOOL_JUDGES_FILE,
    variable: (name) => env[name],
  };
}

/** Leaves out the values, because one of them holds tokens. */
function unusable({ issues }: z.ZodError): InvalidInputError {
  const text = issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`);
  return new InvalidInputError(
    'INVALID_CONFIG',
    `The environment cannot be used. ${text.join('; ')}.`,
  );
}

function withoutPassword(value: string | undefined): string | undefined {
  return value?.replace(/:[^:@/]*@/, ':…@');
}
