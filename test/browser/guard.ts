/** Opens the page of all files, and fails a file that leaves another page, or what leaks.ts names. */
import { Engine } from '../../src/sandbox/engine.ts';
import { guardLeaks } from '../support/leaks.ts';
import { lasting, ownSandboxes } from '../support/own-sandboxes.ts';
import { openPage, pagesLeft, sharedPage } from './browser.ts';

await sharedPage();

guardLeaks(async () => {
  // Connections of the page to the server of this file.
  await openPage();
  const containers = await lasting(() => ownSandboxes(new Engine(), process.pid));
  return [...containers, ...(await pagesLeft())];
});
