/** A `hookpool worker` in a separate process. Needs `npm run build`. */
import { type ChildProcess, spawn } from 'node:child_process';
import path from 'node:path';
import { createInterface } from 'node:readline';

const main = path.join(import.meta.dirname, '../../../dist/cli/main.js');

export interface RunningWorker {
  readonly child: ChildProcess;
  readonly exited: Promise<void>;
  /** The number of jobs that the worker reports as running; 0 if it does not answer. */
  running(): Promise<number>;
}

export async function startWorker(
  redisUrl: string,
  concurrency = 6,
  more: readonly string[] = [],
): Promise<RunningWorker> {
  const env = {
    ...process.env,
    HOOKPOOL_REDIS_URL: redisUrl,
    HOOKPOOL_WARM: '2',
    HOOKPOOL_MAX: String(concurrency),
  };
  const args = [
    main,
    'worker',
    '--concurrency',
    String(concurrency),
    '--listen',
    '127.0.0.1:0',
    ...more,
  ];
  const child = spawn(process.execPath, args, { env, stdio: ['ignore', 'ignore', 'pipe'] });
  const exited = new Promise<void>((resolve) => child.on('exit', () => resolve()));
  const said: string[] = [];
  const url = await new Promise<string>((resolve, reject) => {
    let place: string | undefined;
    createInterface({ input: child.stderr }).on('line', (line) => {
      said.push(line);
      place ??= /(http:\S+) answers/.exec(line)?.[1];
      if (place !== undefined && /takes up to/.test(line)) resolve(place);
    });
    void exited.then(() => reject(new Error(`the worker ended: ${said.join('\n')}`)));
  });
  return { child, exited, running: () => runningAt(url) };
}

async function runningAt(url: string): Promise<number> {
  const answer = await fetch(`${url}/metrics`, { signal: AbortSignal.timeout(1_000) }).catch(
    () => undefined,
  );
  return Number(/^hookpool_worker_running (\d+)/m.exec((await answer?.text()) ?? '')?.[1] ?? 0);
}
