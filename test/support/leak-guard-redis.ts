/** Like leak-guard.ts, for tests that start no container: it sends no request to an engine. */
import { guardLeaks } from './leaks.ts';

guardLeaks(async () => []);
