/** As leak-guard.ts, for tests that start no container: no engine is asked. */
import { guardLeaks } from './leaks.ts';

guardLeaks(async () => []);
