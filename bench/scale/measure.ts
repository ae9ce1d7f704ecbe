/** Measures all curves one after another, because each needs the whole machine. */
import { Engine } from '../../src/index.ts';
import { NotHere } from '../contenders/contender.ts';
import { describeMachine, warnIfBusy } from '../machine.ts';
import type { BenchOptions } from '../options.ts';
import { hooksConfigured } from './hooks-configured.ts';
import { hooksPerEvent } from './hooks-per-event.ts';
import { queueDepth } from './queue-depth.ts';
import type { Scale } from './results.ts';
import { sizes } from './sizes.ts';
import { warmContainers } from './warm-containers.ts';
import { workersCurve } from './workers.ts';

export async function measureScale(options: BenchOptions): Promise<Scale> {
  const started = performance.now();
  const machine = await describeMachine(new Engine(), options.load);
  warnIfBusy(machine, options.progress);
  const step = async <T>(name: string, measure: () => Promise<T>): Promise<T> => {
    options.progress(name);
    return measure();
  };
  const perEvent = await step('hooks per event', () => hooksPerEvent(options));
  const configured = await step('hooks configured', () => hooksConfigured(options));
  const bySize = await step('sizes of context and output', () => sizes(options));
  const warm = await step('warm containers', () => warmContainers(options));
  const depth = await step('queue depth', () => ifHere(() => queueDepth(options)));
  const workers = await step('workers', () => ifHere(() => workersCurve(options)));
  const { containerMib, shimMib } = warm;
  const curves = [
    ...perEvent,
    ...configured,
    ...warm.curves,
    ...(depth?.curves ?? []),
    ...(workers?.curves ?? []),
    ...bySize,
  ];
  const known = workers !== null && depth !== null;
  return {
    date: new Date().toISOString().slice(0, 10),
    machine,
    quick: options.quick,
    seconds: (performance.now() - started) / 1000,
    curves,
    constants: known
      ? {
          ...workers.constants,
          containerMib,
          shimMib,
          bytesPerWaitingJob: depth.bytesPerWaitingJob,
        }
      : null,
  };
}

async function ifHere<T>(measure: () => Promise<T>): Promise<T | null> {
  try {
    return await measure();
  } catch (error) {
    if (error instanceof NotHere) return null;
    throw error;
  }
}
