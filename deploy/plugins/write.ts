/** `npm run plugins`: writes the plugins of the agents, and removes what is no longer part of them. */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { placeOf, pluginFiles, plugins } from './trees.ts';

const root = path.join(import.meta.dirname, '../..');

for (const plugin of plugins)
  rmSync(path.join(root, placeOf(plugin)), { recursive: true, force: true });
for (const [name, text] of pluginFiles()) {
  const file = path.join(root, name);
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, text, { mode: text.startsWith('#!') ? 0o755 : 0o644 });
}
