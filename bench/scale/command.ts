import type { BenchOptions } from '../options.ts';
export async function scaleCommand(_: BenchOptions): Promise<number> {
  return 0;
}
