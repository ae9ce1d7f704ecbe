/**
 * Fails a test file if its tests leave a container, a process, a connection or a listener behind.
 * Containers of processes that it started and killed are looked for when all files have ended
 * (no-leftovers.ts): of a container whose worker is dead nobody can tell which file the worker was of,
 * and a file beside this one may have killed one just now.
 */
import { Engine } from '../../src/sandbox/engine.ts';
import { guardLeaks } from './leaks.ts';
import { lasting, ownSandboxes } from './own-sandboxes.ts';

guardLeaks(() => lasting(() => ownSandboxes(new Engine(), process.pid)));
