/** `npm run pack -- FOLDER`: builds, and writes the tarballs that are published into FOLDER. */
import path from 'node:path';
import { pack } from './pack.ts';

const [folder = 'packages'] = process.argv.slice(2);
const { main, bridges } = pack(path.resolve(folder));
// npm publishes an optional dependency before the package that names it.
for (const file of [...bridges.values(), main]) process.stdout.write(`${file}\n`);
