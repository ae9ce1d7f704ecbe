/** The last step of `npm run test:all`: checks that no container of an ended process is left. */
import { Engine } from '../../src/sandbox/engine.ts';
import { abandoned, lasting } from './own-sandboxes.ts';

const left = await lasting(() => abandoned(new Engine()));
for (const { id, state, labels } of left)
  console.error(`left behind: ${id.slice(0, 12)} ${state} ${JSON.stringify(labels)}`);
process.exitCode = left.length > 0 ? 1 : 0;
