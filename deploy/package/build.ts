/**
 * `npm run build`: writes dist/, the part of the npm package that is made. What is there already
 * goes first, but what other steps of the build put there.
 */
import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { bundle, root } from './bundle.ts';
import { writeCompiled } from './compiled.ts';
import { buildConsole } from './console.ts';
import { filesIn, packagesIn, thirdParty } from './third-party.ts';
import { writeTypes } from './types.ts';

const dist = path.join(root, 'dist');
/** Programs that a compiler makes. */
const ofOthers = ['native'];

const { files, metafile } = await bundle();
mkdirSync(dist, { recursive: true });
for (const name of readdirSync(dist))
  if (!ofOthers.includes(name)) rmSync(path.join(dist, name), { recursive: true });
for (const [name, text] of files) {
  const file = path.join(dist, name);
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, text, { mode: name === 'cli/main.js' ? 0o755 : 0o644 });
}
const packages = packagesIn([...filesIn(metafile), ...(await buildConsole())]);
writeFileSync(path.join(dist, 'THIRD-PARTY.md'), thirdParty(packages));
writeTypes(dist);
await writeCompiled(dist);
