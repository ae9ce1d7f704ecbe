/**
 * The worker thread that sends a worker's heartbeat over its own connection. heartbeat-sender.ts
 * starts and ends it.
 */
import { parentPort, workerData } from 'node:worker_threads';
import { messageOf } from '../errors.ts';
import { connect } from '../redis/connection.ts';
import { type Beat, beat, beatMs } from './heartbeat.ts';
import type { HeartbeatData, HeartbeatNews } from './heartbeat-sender.ts';
import { monotonicMs } from './monotonic.ts';
import { SharedState } from './shared-state.ts';

const { redis: settings, queue, worker, buffer, about } = workerData as HeartbeatData;
const state = new SharedState(buffer);
const redis = connect(settings, 'producer', tellError);

redis.on('ready', () => void send());
next();

function next(): void {
  setTimeout(() => {
    void send().then(next);
  }, beatMs);
}

async function send(): Promise<void> {
  if (redis.status !== 'ready') return;
  try {
    const news: Beat = await beat(redis, queue, worker, { ...state.read(), about });
    tell({ ...news, at: monotonicMs() });
  } catch (error) {
    tellError(error);
  }
}

function tellError(error: unknown): void {
  tell({ error: messageOf(error) });
}

function tell(news: HeartbeatNews): void {
  parentPort?.postMessage(news);
}
