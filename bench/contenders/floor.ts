/**
 * The lower bound for a hook over HTTP and BullMQ: two processes that only pass a job there and
 * back.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { createInterface } from 'node:readline';
import type { Closers } from '../closers.ts';
import { type Cluster, end } from './cluster.ts';
import type { Contender } from './contender.ts';
import { overHttp } from './http.ts';

const script = path.join(import.meta.dirname, 'floor-process.ts');

export const floorName = 'HTTP + BullMQ, no hook';

export async function openFloor({ redis }: Cluster, closers: Closers): Promise<Contender> {
  const start = async (part: 'server' | 'worker') => {
    const child = spawn(process.execPath, ['--import', 'tsx', script, part, String(redis.port)], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    closers.add(() => end(child));
    const [said] = await once(createInterface(child.stdout), 'line');
    return String(said);
  };
  const [port] = await Promise.all([start('server'), start('worker')]);
  return { name: floorName, call: overHttp(`http://127.0.0.1:${port}`, closers) };
}
