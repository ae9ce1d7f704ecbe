/** Two sockets made one, with back-pressure and the end of each passed on to the other. */
import type { Duplex } from 'node:stream';

/** The other side gets this long to say its last word; then both are closed. */
const lastWordMs = 10_000;

/**
 * The end of the caller's side ends the engine's, which closes the container's stdin: that is how the
 * sandboxes of a dead worker end. A killed process and one that only stopped writing look the same.
 */
export function joinStreams(caller: Duplex, engine: Duplex, graceMs = lastWordMs): void {
  let timer: NodeJS.Timeout | undefined;
  const destroyBoth = () => {
    clearTimeout(timer);
    caller.destroy();
    engine.destroy();
  };
  const endSoon = () => {
    timer ??= setTimeout(destroyBoth, graceMs).unref();
  };
  caller.pipe(engine).pipe(caller);
  caller.on('end', endSoon).on('error', destroyBoth).on('close', destroyBoth);
  engine.on('end', endSoon).on('error', destroyBoth);
  // What the engine said last is still on its way to the caller.
  engine.on('close', () => {
    endSoon();
    caller.end(destroyBoth);
  });
}
