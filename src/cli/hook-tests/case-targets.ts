/** The services of one run of a case: as the case says, as it was recorded, or real ones. */
import type { HttpRunner } from '../../dispatch/runner.ts';
import { HttpHooks } from '../../outbound/http-hook.ts';
import type { Secrets } from '../../outbound/secrets.ts';
import type { Target } from '../../outbound/targets.ts';
import type { RequestUrl } from '../../protocol/request-url.ts';
import type { Outbound } from '../targets-file.ts';
import { version } from '../version.ts';
import { answerIn, type PlannedTargets, standInTarget } from './planned-targets.ts';
import { played } from './played.ts';
import type { Replies } from './replies.ts';
import { targetKey } from './request-key.ts';

/** The operator's targets. */
export interface RealTargets {
  /** Undefined: no targets file is configured. */
  readonly outbound?:
    | {
        readonly targets: Pick<Outbound['targets'], 'find'>;
        readonly secrets: Pick<Secrets, 'valueFor'>;
      }
    | undefined;
  /** Whose targets; undefined: those of the sandboxes' tenant. */
  readonly tenant?: string | undefined;
}

/** Runs the http hooks of a case; one whose service has no answer fails the case. */
export function caseTargets(
  planned: PlannedTargets,
  replies: Replies,
  { outbound, tenant }: RealTargets = {},
): HttpRunner {
  return async (job, signal, call) => {
    const { url } = job.hook.action;
    const { host } = url;
    const common = { version: version() };
    const entry = Object.hasOwn(planned, host) ? planned[host] : undefined;
    if (entry !== undefined) {
      const hooks = new HttpHooks({
        ...{ ...common, firstWaitMs: 0, secrets: anySecret },
        targets: { find: () => standInTarget(host, entry.trusted === true) },
        planned: (_, request) => played(answerIn(entry, host), request),
      });
      return hooks.run(job, signal, call);
    }
    const key = targetKey(job);
    const isReplay = replies.mode === 'replay';
    const secrets = isReplay ? anySecret : (outbound?.secrets ?? anySecret);
    const sent: string[] = [];
    const kept = isReplay ? await replies.kept(key) : undefined;
    const find = (address: RequestUrl, of: string): Target => {
      if (kept !== undefined) return standInTarget(host, kept.trusted === true);
      if (!isReplay && outbound !== undefined) return outbound.targets.find(address, of);
      throw replies.lacks(isReplay ? unsaid(host, replies.command) : noTargets(host));
    };
    if (!isReplay) replies.live.add(job.hook.name);
    const hooks = new HttpHooks({
      ...{ ...common, ...(isReplay ? { firstWaitMs: 0 } : {}), targets: { find } },
      secrets: {
        valueFor: (name, ...of) => {
          const value = secrets.valueFor(name, ...of);
          sent.push(value);
          return value;
        },
      },
      planned: ({ trusted }, request, live) =>
        replies.exchange({ key, asked: host, trusted, secrets: sent, refusals: [] }, request, live),
    });
    return hooks.run({ ...job, tenant: tenant ?? job.tenant }, signal, call);
  };
}

/** Any value will do where nothing is sent. */
const anySecret: Pick<Secrets, 'valueFor'> = { valueFor: () => 'secret' };

function unsaid(host: string, command: string): string {
  return `The case says nothing about ${host}: give its answer as targets: {${host}: {body: ...}}, or ask it once with ${command}`;
}

function noTargets(host: string): string {
  return `${host} cannot be asked: set HOOKPOOL_TARGETS_FILE, or give its answer as targets: {${host}: {body: ...}}.`;
}
