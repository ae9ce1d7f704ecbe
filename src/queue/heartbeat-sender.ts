/**
 * A worker's heartbeat as its main thread sees it. It is sent by a thread of its own, so that no work of the main
 * thread makes the worker look lost; until that thread has sent one, and while it has to be started anew, the main
 * thread sends it.
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
/** It keeps a connection and no data: 4 MB were in use after a day. */
const resourceLimits = { maxOldGenerationSizeMb: 48, maxYoungGenerationSizeMb: 4 };

export class HeartbeatSender {
  readonly #options: HeartbeatOptions;
  readonly #shared = new SharedState();
  #thread: Thread | undefined;
  #threadBeats = false;
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
    const beating = this.#threadBeats ? Promise.resolve() : this.beat();
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
      this.#threadBeats = false;
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
    this.#threadBeats = true;
    hear(news, monotonicMs() - news.at);
  }
}
