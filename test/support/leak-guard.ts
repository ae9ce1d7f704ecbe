/**
 * Fails a test file if its tests leave a container, a process, a connection or a listener behind.
 */
import { Engine } from '../../src/sandbox/engine.ts';
import { guardLeaks } from './leaks.ts';
import { lastingLeftovers } from './own-sandboxes.ts';

guardLeaks(() => lastingLeftovers(new Engine()));
