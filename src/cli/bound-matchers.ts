import v8 from 'node:v8';

/**
 * A matcher comes from a hook file and runs here: one that backtracks without end must not stop the clock.
 * In a module of its own, because loading node:v8 costs the bridge a tenth of its start.
 */
export function boundMatchers(): void {
  v8.setFlagsFromString('--enable-experimental-regexp-engine-on-excessive-backtracks');
}
