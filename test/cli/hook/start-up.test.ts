/** The bridge starts before every tool call: what it loads is held down here, what it costs is in docs/bridge.md. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';

const cli = path.join(import.meta.dirname, '../../../src/cli');

/** Everything that is loaded at once when a module is, itself included. */
function loaded(file: string, seen = new Set<string>()): Set<string> {
  if (seen.has(file)) return seen;
  seen.add(file);
  const source = readFileSync(file, 'utf8');
  for (const [, names = '', place = ''] of source.matchAll(/^import (?!type)([^'"]*?)(?: from )?'([^']+)';$/gm)) {
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

test('asking a server loads no library, and little of ours', () => {
  const all = [...loaded(path.join(cli, 'main.ts')), ...loaded(path.join(cli, 'hook/hook.ts'))];
  expect(all.length).toBeGreaterThan(8);
  expect(new Set(all.filter((name) => !path.isAbsolute(name) && !name.startsWith('node:')))).toEqual(new Set());
  expect(new Set(all.filter((name) => path.isAbsolute(name))).size).toBeLessThan(16);
});
