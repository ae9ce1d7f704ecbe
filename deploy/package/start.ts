/** dist/cli/main.js: the program, with its compiled code where there is some for this Node.js. */
import path from 'node:path';
import { compiledName, load, openCompiled } from './chunks.ts';

const dist = path.join(import.meta.dirname, '..');
load(dist, 'cli/program.js', openCompiled(path.join(dist, compiledName)));
