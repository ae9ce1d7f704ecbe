/** Joins two sockets: passes on bytes, back-pressure and the end of each to the other. */
import type { Duplex } from 'node:stream';

/**
 * When one side has ended, the other has this long to send its remaining bytes; then both are
 * closed.
 */
const lastWordMs = 10_000;

/**
 * The end of the caller's side ends the engine's side, which closes the container's stdin: the
 * sandboxes of a dead worker end this way. A caller that was killed and one that only stopped
 * writing look the same.
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
  // The engine's last bytes are still on their way to the caller.
  engine.on('close', () => {
    endSoon();
    caller.end(destroyBoth);
  });
}
