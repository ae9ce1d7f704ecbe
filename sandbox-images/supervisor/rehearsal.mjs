// The same as an ES module.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const folder = path.dirname(fileURLToPath(import.meta.url));
const text = readFileSync(path.join(folder, 'rehearsal.mjs'), 'utf8');
export const words = [...text.matchAll(/\w+/g)].map(([word]) => word.toLowerCase());
