/** Finds the modules that a module loads when it starts, by its import statements. */
import { readFileSync } from 'node:fs';
import path from 'node:path';

/** All modules that are loaded statically with a module, itself included. */
export function loaded(file: string, seen = new Set<string>()): Set<string> {
  if (seen.has(file)) return seen;
  seen.add(file);
  const source = readFileSync(file, 'utf8');
  for (const [, names = '', place = ''] of source.matchAll(
    /^import (?!type)([^'"]*?)(?: from )?'([^']+)';$/gm,
  )) {
    const typesOnly =
      /^\{[^}]*\}$/.test(names) &&
      names
        .slice(1, -1)
        .split(',')
        .every((name) => /^\s*(type\s|$)/.test(name));
    if (typesOnly) continue;
    if (place.startsWith('.')) loaded(path.join(path.dirname(file), place), seen);
    else seen.add(place);
  }
  return seen;
}
