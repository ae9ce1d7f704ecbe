/** Names of keys in Redis. All have the same hash tag, so that a cluster keeps them in one slot. */
import { createHash } from 'node:crypto';
import { type Script, scriptKey } from '../protocol/script.ts';

export const defaultQueueName = 'hooks';
export const keyPrefix = '{hookpool}';

/** The queue of the outbound workers beside this one. */
export function outboundQueueOf(queue: string): string {
  return `${queue}-outbound`;
}

export function workersKey(queue: string): string {
  return `${keyPrefix}:${queue}:workers`;
}

export function workerKey(queue: string, worker: string): string {
  return `${keyPrefix}:${queue}:worker:${worker}`;
}

/** A list: recently lost workers, newest first, each with the scripts that ran on it. */
export function lossesKey(queue: string): string {
  return `${keyPrefix}:${queue}:losses`;
}

/** A hash: the quarantine record of a tenant's script, by the script's name. */
export function recordKey(queue: string, script: string): string {
  return `${keyPrefix}:${queue}:record:${script}`;
}

/**
 * A sorted set: the names of the scripts in quarantine, by when that ends, in milliseconds since
 * 1970.
 */
export function quarantineKey(queue: string): string {
  return `${keyPrefix}:${queue}:quarantine`;
}

/** A string: the script of a tenant that is being tried alone. */
export function trialKey(queue: string, tenant: string): string {
  return `${keyPrefix}:${queue}:trial:${hashOf(tenant)}`;
}

/** A string: the bytes of a context that the jobs of one evaluation share. */
export function contextKey(queue: string, tenant: string, id: string): string {
  return `${keyPrefix}:${queue}:context:${hashOf(tenant)}:${id}`;
}

export function decisionKey(...parts: readonly string[]): string {
  return `${keyPrefix}:decision:${hashOf(...parts)}`;
}

/** A hash: `revision`, `bytes`, and a field per hook set. */
export function hookSetsKey(queue: string, tenant: string): string {
  return `${keyPrefix}:${queue}:hooksets:${hashOf(tenant)}`;
}

/** A hash: the last versions of a tenant's hook sets, by `SCOPE:NAME`, a line break and the number. */
export function versionsKey(queue: string, tenant: string): string {
  return `${keyPrefix}:${queue}:versions:${hashOf(tenant)}`;
}

/** A sorted set: the fields of versionsKey by when they were stored. */
export function versionTimesKey(queue: string, tenant: string): string {
  return `${keyPrefix}:${queue}:version-times:${hashOf(tenant)}`;
}

/** A string: the bytes of all versions of a tenant. */
export function versionBytesKey(queue: string, tenant: string): string {
  return `${keyPrefix}:${queue}:version-bytes:${hashOf(tenant)}`;
}

/** A set: the on-demand hooks that are switched on in one thread. */
export function threadKey(queue: string, tenant: string, thread: string): string {
  return `${keyPrefix}:${queue}:thread:${hashOf(tenant, thread)}`;
}

/** A sorted set: the tenant's threadKeys by when they expire, in milliseconds since 1970. */
export function threadsKey(queue: string, tenant: string): string {
  return `${keyPrefix}:${queue}:threads:${hashOf(tenant)}`;
}

/** A hash: how many hooks are switched on in each threadKey of the tenant, and their `total`. */
export function threadSwitchesKey(queue: string, tenant: string): string {
  return `${keyPrefix}:${queue}:thread-switches:${hashOf(tenant)}`;
}

/** A hash: a tenant's counters, each by the hash of its session and name. */
export function countersKey(queue: string, tenant: string): string {
  return `${keyPrefix}:${queue}:counters:${hashOf(tenant)}`;
}

/** A sorted set: the fields of countersKey by their last change, in milliseconds since 1970. */
export function counterTimesKey(queue: string, tenant: string): string {
  return `${keyPrefix}:${queue}:counter-times:${hashOf(tenant)}`;
}

/** A hash: a tenant's states of hooks, each by the hash of its session and name. */
export function statesKey(queue: string, tenant: string): string {
  return `${keyPrefix}:${queue}:states:${hashOf(tenant)}`;
}

/** A sorted set: the fields of statesKey by their last change, in milliseconds since 1970. */
export function stateTimesKey(queue: string, tenant: string): string {
  return `${keyPrefix}:${queue}:state-times:${hashOf(tenant)}`;
}

/** A string: the bytes of all states of a tenant. */
export function stateBytesKey(queue: string, tenant: string): string {
  return `${keyPrefix}:${queue}:state-bytes:${hashOf(tenant)}`;
}

/** A hash: the shadow hooks of a tenant, each with its description and its counts. */
export function shadowsKey(queue: string, tenant: string): string {
  return `${keyPrefix}:${queue}:shadows:${hashOf(tenant)}`;
}

/** A sorted set: the hooks of shadowsKey by their last run, in milliseconds since 1970. */
export function shadowTimesKey(queue: string, tenant: string): string {
  return `${keyPrefix}:${queue}:shadow-times:${hashOf(tenant)}`;
}

/** A hash: a tenant's counts of evaluations, each by its step of five minutes and its outcome. */
export function countsKey(queue: string, tenant: string): string {
  return `${keyPrefix}:${queue}:counts:${hashOf(tenant)}`;
}

/** A hash: the `tokens` of a day, and the `calls` of its last `minute`. @param day since 1970. */
export function spentKey(queue: string, tenant: string, day: number): string {
  return `${keyPrefix}:${queue}:spent:${hashOf(tenant)}:${day}`;
}

/** A text: the answer of a judge. @param digest of the question, in which the tenant is too. */
export function verdictKey(queue: string, tenant: string, digest: string): string {
  return `${keyPrefix}:${queue}:verdict:${hashOf(tenant)}:${digest}`;
}

/** A sorted set: the keys of a tenant's verdicts by their expiry, in milliseconds since 1970. */
export function verdictsKey(queue: string, tenant: string): string {
  return `${keyPrefix}:${queue}:verdicts:${hashOf(tenant)}`;
}

/** The same of all tenants. */
export function allVerdictsKey(queue: string): string {
  return `${keyPrefix}:${queue}:all-verdicts`;
}

/**
 * A sorted set: the questions that a judge has at once by when their places expire, in milliseconds
 * since 1970. @param tenant only its own; undefined: those of all.
 */
export function judgePlacesKey(queue: string, judge: string, tenant?: string): string {
  const whose = tenant === undefined ? 'all' : hashOf(tenant);
  return `${keyPrefix}:${queue}:judge-places:${judge}:${whose}`;
}

/** A hash: a tenant's `failures` in a row of a judge, its last `rest`, and `until` when it lasts. */
export function judgeRestKey(queue: string, judge: string, tenant: string): string {
  return `${keyPrefix}:${queue}:judge-rest:${judge}:${hashOf(tenant)}`;
}

/** A string: while it is there, the judge is asked for nobody. */
export function judgeRestOfAllKey(queue: string, judge: string): string {
  return `${keyPrefix}:${queue}:judge-rest:${judge}:all`;
}

export function evaluationKey(queue: string, tenant: string, id: string): string {
  return `${keyPrefix}:${queue}:evaluation:${hashOf(tenant, id)}`;
}

/** A sorted set: a tenant's evaluationKeys by when they were stored, in milliseconds since 1970. */
export function evaluationsKey(queue: string, tenantHash: string): string {
  return `${keyPrefix}:${queue}:evaluations:${tenantHash}`;
}

/** A hash: the bytes of each of a tenant's evaluationKeys. */
export function evaluationBytesKey(queue: string, tenantHash: string): string {
  return `${keyPrefix}:${queue}:evaluation-bytes:${tenantHash}`;
}

/** A hash: the summary of each of a tenant's evaluationKeys, as JSON. */
export function evaluationSummariesKey(queue: string, tenantHash: string): string {
  return `${keyPrefix}:${queue}:evaluation-summaries:${tenantHash}`;
}

/** Sorted sets: the hashes of tenants by how many evaluations they have, and by their bytes. */
export function evaluationTenantsKey(queue: string, by: 'count' | 'bytes'): string {
  return `${keyPrefix}:${queue}:evaluation-tenants-by-${by}`;
}

/** A hash: `count` and `bytes` of all evaluations. */
export function evaluationTotalsKey(queue: string): string {
  return `${keyPrefix}:${queue}:evaluation-totals`;
}

/** Channel of pub/sub for live events: servers publish what their readers may watch. */
export function eventsChannel(queue: string): string {
  return `${keyPrefix}:${queue}:live-events`;
}

/** A channel: the results of jobs, as workers publish them. */
export function resultsChannel(queue: string): string {
  return `${keyPrefix}:${queue}:results`;
}

/** The key of a job of BullMQ, or of one of its lists. */
export function bullKey(queue: string, name: string): string {
  return `${keyPrefix}:${queue}:${name}`;
}

/**
 * BullMQ accepts no `:` in an id and no id of digits alone; a hash has neither, and a fixed length.
 * The id ends with the script's name, so that the ids of a lost worker's jobs show which scripts
 * ran on it, without a message from the worker.
 */
export function jobIdOf(script: string, ...parts: readonly string[]): string {
  return `j${hashOf(script, ...parts)}.${script}`;
}

/** The id of a job for an outbound worker, to which no quarantine applies. */
export function outboundIdOf(...parts: readonly string[]): string {
  return `o${hashOf(...parts)}`;
}

/**
 * Names a tenant's script in its quarantine record: the equal script of another tenant has another
 * name. 132 bits in 22 characters.
 */
export function scriptNameOf(tenant: string, script: Script): string {
  return hashOf(tenant, scriptKey(script)).slice(0, 22);
}

/** Hashes the parts unambiguously: each part is preceded by its length. */
export function hashOf(...parts: readonly string[]): string {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(`${Buffer.byteLength(part)}:`).update(part);
  return hash.digest('base64url');
}
