/**
 * A worker of which the BullMQ, the heartbeat and the Redis only record. Whoever imports it has
 * them mocked; `useRig()` opens and closes what a test needs.
 */
import type { Job as BullJob, Processor } from 'bullmq';
import { afterEach, beforeEach, vi } from 'vitest';
import { emptyRun } from '../../src/protocol/run.ts';
import { decide } from '../../src/protocol/verdict/decide.ts';
import type { BullWorkerOptions } from '../../src/queue/bull-worker.ts';
import type { HeartbeatOptions } from '../../src/queue/heartbeat-sender.ts';
import type { JobEnd } from '../../src/queue/task-runner.ts';
import { openWorker, type QueueWorker, type WorkerOptions } from '../../src/queue/worker.ts';
import { toJobMessage } from '../../src/wire/job-message.ts';
import { exited } from '../protocol/samples.ts';
import { sampleJob } from '../support/queue-job.ts';
import { FakeRedis, noError } from './fake-redis.ts';

interface FakeBull {
  readonly process: Processor;
  readonly options: BullWorkerOptions;
  readonly calls: string[];
}

class WorkerRedis extends FakeRedis {
  /** What was told and written, in order. */
  readonly log: string[] = [];

  async publish(_: string, message: string): Promise<void> {
    this.log.push(message);
  }

  async pexpire(key: string, ms: number): Promise<void> {
    this.log.push(`pexpire ${key} ${ms}`);
  }

  multi() {
    const chain = {
      del: () => chain,
      srem: () => chain,
      exec: async () => void this.log.push('left'),
    };
    return chain;
  }
}

class Rig {
  readonly redis = new WorkerRedis();
  /** Every BullMQ worker that was started; the last one is the one that works. */
  readonly bulls: FakeBull[] = [];
  /** Whether they close, once their jobs have ended. */
  closes = true;
  heartbeat!: HeartbeatOptions;
  heartbeatEnded = false;
  worker!: QueueWorker;
  /** How the taking of jobs ended. */
  readonly ends: string[] = [];
  /** The trace of each of these jobs. */
  readonly traces: (string | undefined)[] = [];
  /** Each ends a job of a holding worker. */
  readonly running: (() => void)[] = [];
  /** For how long the last job was put back. */
  delays: number[] = [];

  /** A worker that runs jobs at once, and blocks. */
  open(over: Partial<WorkerOptions> = {}): void {
    const observe = ({ end, traceId }: JobEnd) => {
      this.ends.push(end);
      this.traces.push(traceId);
    };
    const base = {
      redis: { url: 'redis://unused' },
      concurrency: 3,
      name: 'w',
      onError: noError,
      observe,
    };
    this.worker = openWorker({
      ...base,
      execute: async (job) => decide(job.dialect, job.hook, exited(2, '', 'no')),
      ...over,
    });
  }

  /** A worker whose jobs run until the test ends them. */
  openHolding(over: Partial<WorkerOptions> = {}): void {
    this.open({
      execute: async (job, signal) => {
        await new Promise<void>((resolve) => {
          this.running.push(resolve);
          signal.addEventListener('abort', () => resolve());
        });
        return decide(job.dialect, job.hook, signal.aborted ? emptyRun('cancelled') : exited(0));
      },
      ...over,
    });
  }

  /** The answer to a beat. */
  hear(over: { waiting?: number; quarantined?: string[] } = {}): void {
    const time = [
      String(Math.floor(Date.now() / 1_000)),
      String((Date.now() % 1_000) * 1_000),
    ] as const;
    this.heartbeat.hear({ time, waiting: 0, quarantined: [], ...over }, 0);
  }

  /** Gives the worker a job, as BullMQ does. @returns what BullMQ gets */
  async give({
    tenant = 'a',
    ageMs = 0,
    budgetMs = 4_000,
    data,
    opts = kept,
  }: Given = {}): Promise<unknown> {
    this.delays = [];
    const now = Date.now();
    const bull = {
      id: '1',
      data:
        data ?? toJobMessage(sampleJob({ tenant }), { evaluationId: 'e', attempt: 1, budgetMs }),
      timestamp: now - ageMs,
      attemptsStarted: 1,
      opts,
      moveToDelayed: async (at: number) => void this.delays.push(at - now),
    };
    return this.bulls.at(-1)?.process(bull as unknown as BullJob, 'token');
  }

  startBull(process: Processor, options: BullWorkerOptions): unknown {
    const calls: string[] = [];
    const jobs: Promise<unknown>[] = [];
    const take: Processor = (job, token) => {
      const answer = process(job, token);
      jobs.push(answer.catch(() => undefined));
      return answer;
    };
    this.bulls.push({ process: take, options, calls });
    const did = (name: string) => async () => void calls.push(name);
    const close = async () => {
      calls.push('close');
      await (this.closes ? Promise.all(jobs) : new Promise(() => undefined));
    };
    return { pause: did('pause'), resume: did('resume'), close, disconnect: did('disconnect') };
  }
}

interface Given {
  readonly tenant?: string;
  /** How long it was in line. */
  readonly ageMs?: number;
  readonly budgetMs?: number;
  readonly data?: unknown;
  readonly opts?: object;
}

const kept = { removeOnComplete: {}, removeOnFail: {} };

export let rig: Rig;

vi.mock('../../src/queue/bull-worker.ts', () => ({
  startBullWorker: (process: Processor, options: BullWorkerOptions) =>
    rig.startBull(process, options),
}));
vi.mock('../../src/queue/heartbeat-sender.ts', () => ({
  HeartbeatSender: class {
    constructor(options: HeartbeatOptions) {
      rig.heartbeat = options;
    }
    async beat() {
      rig.hear();
    }
    async end() {
      rig.heartbeatEnded = true;
    }
  },
}));
vi.mock('../../src/redis/connection.ts', () => ({
  connect: () => rig.redis,
  bullConnection: () => ({ connection: {}, close: () => undefined }),
}));

export function useRig(): void {
  beforeEach(() => {
    vi.useFakeTimers();
    rig = new Rig();
  });

  afterEach(async () => {
    const closing = rig.worker.close(0);
    await vi.advanceTimersByTimeAsync(5_000);
    await closing;
    vi.useRealTimers();
  });
}
