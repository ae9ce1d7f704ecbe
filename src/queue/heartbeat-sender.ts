/**
 * The main thread's side of a worker's heartbeat. The heartbeat thread sends it, so that long work
 * on the main thread does not make the worker look lost. The main thread sends it as a fallback:
 * until the heartbeat thread has sent its first one, and whenever that thread has sent none for two
 * periods, because it hangs, has lost its connection or is being restarted.
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
  readonly state: () => Omit<WorkerState, 'stuckMs' | 'about'>;
  readonly about?: string | undefined;
  /** Called with Redis's answer to every heartbeat. `ageMs`: milliseconds since that answer. */
  readonly hear: (beat: Beat, ageMs: number) => void;
  readonly onError: (error: Error) => void;
}

/** The `workerData` of the heartbeat thread. */
export interface HeartbeatData {
  readonly redis: RedisSettings;
  readonly queue: string;
  readonly worker: string;
  readonly buffer: SharedArrayBuffer;
  readonly about: string | undefined;
}

/** Messages of the heartbeat thread. `at`: when Redis answered, by monotonicMs(). */
export type HeartbeatNews = (Beat & { readonly at: number }) | { readonly error: string };

/** Delay before a heartbeat thread that has exited is started again. */
const restartMs = 1_000;
/**
 * Age of the heartbeat thread's last heartbeat at which the main thread takes over: 1 s of the 2 s
 * after which a worker is lost.
 */
const threadSilenceMs = 2 * beatMs;
/** The heartbeat thread keeps a connection and no data: it used 4 MB after a day. */
const resourceLimits = { maxOldGenerationSizeMb: 48, maxYoungGenerationSizeMb: 4 };

export class HeartbeatSender {
  readonly #options: HeartbeatOptions;
  readonly #shared = new SharedState();
  #thread: Thread | undefined;
  /** When Redis answered the heartbeat thread's last heartbeat, by monotonicMs(). */
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

  /**
   * Sends one heartbeat from the main thread if it is connected: for its answer, or as the fallback
   * for the heartbeat thread.
   */
  async beat(): Promise<void> {
    const { client, queue, worker, state, about, hear, onError } = this.#options;
    if (this.#ended || client.status !== 'ready') return;
    try {
      hear(await beat(client, queue, worker, { ...state(), about }), 0);
    } catch (error) {
      onError(asError(error));
    }
  }

  /** Stops the heartbeat; none is sent afterwards. */
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
    const { redis, queue, worker, about, onError } = this.#options;
    const data: HeartbeatData = { redis, queue, worker, buffer: this.#shared.buffer, about };
    const thread = startThread(import.meta.url, './heartbeat-thread', {
      name: 'heartbeat',
      workerData: data,
      resourceLimits,
    });
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
