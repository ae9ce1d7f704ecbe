/** Fails the file whose tests leave something behind: a container, a process, a connection or a listener. */
import { Engine } from '../../src/sandbox/engine.ts';
import { guardLeaks } from './leaks.ts';
import { lastingLeftovers } from './own-sandboxes.ts';

guardLeaks(() => lastingLeftovers(new Engine()));
