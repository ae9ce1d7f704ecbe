import { expect, it } from 'vitest';
import { assignedIn, meantBy } from '../../../src/bundling/needs/shell-values.ts';
import { readShell } from '../../../src/protocol/shell-text.ts';

const place = { folder: 'h/a', folders: ['P'] };

function meant(text: string, folder: string | undefined = place.folder) {
  const { commands } = readShell(text);
  const word = commands.at(-1)?.words[1] ?? '';
  return meantBy(word, assignedIn(commands), { ...place, folder });
}

const long = 'y'.repeat(2000);

it.each([
  ['cat x', 'x'],
  ['cat $P/x', '/project/x'],
  [`cat "$\{P:-.}/x"`, '/project/x'],
  [`cat "$\{X:-$P}/x"`, '/project/x'],
  ['cat $PWD/x', '/project/x'],
  ['cat $(pwd)/x', '/project/x'],
  ['cat "$(git rev-parse --show-toplevel 2>/dev/null || pwd)/x"', '/project/x'],
  ['cat $HOME/x', '~/x'],
  [`cat $\{TMPDIR:-/var}/x`, '/tmp/x'],
  ['cat $X/x', '$X/x'],
  [`cat $\{X%/*}/x`, `$\{X%/*}/x`],
  [`cat $\{X:?no}/x`, `$\{X:?no}/x`],
  [`cat $\{X:-a`, `$\{X:-a`],
  ['X=y; Z=$X; cat $Z/x', 'y/x'],
  ['export X=y; X=z; cat $X', 'y'],
  ['local -r X=y; cat $X', 'y'],
  ['echo X=y; cat $X', '$X'],
  ['cat "$(dirname "$0")/x"', '/project/h/a/x'],
  [`cat "$\{0%/*}/x"`, '/project/h/a/x'],
  [`cat "$\{BASH_SOURCE[0]%/*}/x"`, '/project/h/a/x'],
  [`D=$(cd "$(dirname "$\{BASH_SOURCE[0]}")/.." && pwd); cat $D/x`, '/project/h/a/../x'],
  ['D=$(dirname "$(dirname "$0")"); cat $D/x', '/project/h/a/../x'],
  ['D=$(dirname "$0"); R=$(cd "$D/.." && pwd); cat $R/x', '/project/h/a/../x'],
  ['D=$(dirname "$0"); R=$(dirname "$D"); cat $R/x', '/project/h/a/../x'],
  ['cat $(echo "$0")/x', '$(echo "$0")/x'],
  ['cat $(dirname x', '$(dirname x'],
  ['A=$B; B=$A; cat $A', '$A'],
  [`X=${long}; cat $X$X`, `${long}$X`],
  [`cat $X${long}`, `$X${long}`],
])('%j means %s', (text, path) => {
  expect(meant(text)).toBe(path);
});

it('a text that is no file has no folder of its own', () => {
  const word = '$(dirname "$0")/x';
  expect(meantBy(word, new Map(), { folder: undefined, folders: [] })).toBe(word);
  expect(meant(`cat $\{0%/*}/x`, '')).toBe('/project/x');
});
