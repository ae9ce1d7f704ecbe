/**
 * A worker's heartbeat as its main thread sees it. It is sent by a thread of its own, so that no work of the main
 * thread makes the worker look lost; until that thread has sent one, and whenever none of it has come for two periods,
 * because it hangs, has lost its connection or has to be started anew, the main thread sends it.
 */
import type { Worker as Thread } from 'node:worker_threads';
import { asError } from '../errors.ts';
import type { RedisClient, RedisSettings } from '../redis/connection.ts';
import { startThread } from '../thread-entry.ts';
import { type Beat, beat, beatMs, type WorkerState } from './heartbeat.ts';
import { monotonicMs } from './monotonic.ts';
import { SharedState } from './shared-state.ts';

export interface HeartbeatOptions {
  readonly redis: RedisSettings;
  readonly queue: string;
  readonly worker: string;
  /** The main thread's connection. */
  readonly client: RedisClient;
  readonly state: () => Omit<WorkerState, 'stuckMs'>;
  /** Hears the answer to every beat. `ageMs`: how long ago it was given. */
  readonly hear: (beat: Beat, ageMs: number) => void;
  readonly onError: (error: Error) => void;
}

/** What the thread is started with. */
export interface HeartbeatData {
  readonly redis: RedisSettings;
  readonly queue: string;
  readonly worker: string;
  readonly buffer: SharedArrayBuffer;
}

/** What the thread tells. `at`: when, by monotonicMs(). */
export type HeartbeatNews = (Beat & { readonly at: number }) | { readonly error: string };

/** A thread that failed is started again after this time. */
const restartMs = 1_000;
/** The main thread takes over when the thread's last beat is older: 1 s of the 2 s after which a worker counts as lost. */
const threadSilenceMs = 2 * beatMs;
/** It keeps a connection and no data: 4 MB were in use after a day. */
const resourceLimits = { maxOldGenerationSizeMb: 48, maxYoungGenerationSizeMb: 4 };

export class HeartbeatSender {
  readonly #options: HeartbeatOptions;
  readonly #shared = new SharedState();
  #thread: Thread | undefined;
  /** When the thread's last beat was answered, by monotonicMs(). */
  #threadBeatAt = Number.NEGATIVE_INFINITY;
  #timer: NodeJS.Timeout | undefined;
  #restart: NodeJS.Timeout | undefined;
  #ended = false;

  constructor(options: HeartbeatOptions) {
    this.#options = options;
    options.client.on('ready', () => void this.beat());
    this.#tick();
    this.#start();
  }

  /** One beat of the main thread, where it is connected: for its answer, or while no thread sends any. */
  async beat(): Promise<void> {
    const { client, queue, worker, state, hear, onError } = this.#options;
    if (this.#ended || client.status !== 'ready') return;
    try {
      hear(await beat(client, queue, worker, state()), 0);
    } catch (error) {
      onError(asError(error));
    }
  }

  /** No beat is sent after it. */
  async end(): Promise<void> {
    this.#ended = true;
    clearTimeout(this.#timer);
    clearTimeout(this.#restart);
    await this.#thread?.terminate();
  }

  #tick(): void {
    this.#shared.write(this.#options.state());
    const threadBeats = monotonicMs() - this.#threadBeatAt <= threadSilenceMs;
    const beating = threadBeats ? Promise.resolve() : this.beat();
    void beating.then(() => {
      if (!this.#ended) this.#timer = setTimeout(() => this.#tick(), beatMs);
    });
  }

  #start(): void {
    const { redis, queue, worker, onError } = this.#options;
    const data: HeartbeatData = { redis, queue, worker, buffer: this.#shared.buffer };
    const thread = startThread(import.meta.url, './heartbeat-thread', { name: 'heartbeat', workerData: data, resourceLimits });
    this.#thread = thread;
    thread.unref();
    thread.on('message', (news: HeartbeatNews) => this.#hear(news));
    thread.on('error', onError);
    thread.on('exit', () => {
      this.#thread = undefined;
      this.#threadBeatAt = Number.NEGATIVE_INFINITY;
      if (!this.#ended) this.#restart = setTimeout(() => this.#start(), restartMs).unref();
    });
  }

  #hear(news: HeartbeatNews): void {
    const { hear, onError } = this.#options;
    if (this.#ended) return;
    if ('error' in news) {
      onError(new Error(news.error));
      return;
    }
    this.#threadBeatAt = news.at;
    hear(news, monotonicMs() - news.at);
  }
}
