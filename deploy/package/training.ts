/**
 * A start of the program of which the compiled code is kept:
 * `node training.cjs DIST KEPT ARGUMENT...`. V8 keeps what this start, and those before it, have
 * called.
 */
import { readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Script } from 'node:vm';
import { load, openCompiled, packed } from './chunks.ts';

const [, , dist = '', kept = ''] = process.argv;
const scripts = new Map<string, Script>();
const before = openCompiled(kept);
process.argv.splice(1, 3, path.join(dist, 'cli/main.js'));
process.on('exit', () => {
  const code = readdirSync(dist, { recursive: true, encoding: 'utf8' }).flatMap((name) => {
    const found = scripts.get(name)?.createCachedData() ?? before(name);
    return found === undefined ? [] : ([[name, found]] as const);
  });
  writeFileSync(kept, packed(new Map(code)));
});
load(dist, 'cli/program.js', before, (name, script) => scripts.set(name, script));
