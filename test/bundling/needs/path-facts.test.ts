import { expect, it } from 'vitest';
import { shellFacts } from '../../../src/bundling/needs/shell-needs.ts';

const place = { folder: 'h', folders: ['P'], set: ['P_SET'], agentVariables: /\bP_[A-Z]+\b/g };

function facts(text: string, folder: string | undefined = place.folder): string[] {
  const { all } = shellFacts(text, { ...place, folder });
  return all.map(({ kind, name, line }) => `${line} ${kind} ${name}`);
}

it.each<[string, string[]]>([
  ['cat /etc/os-release </dev/null >/dev/null 2>&1', []],
  ['cat x.txt', []],
  ['. lib.sh', ['1 path lib.sh']],
  [`source "$\{BASH_SOURCE%/*}/lib.sh"`, ['1 path h/lib.sh']],
  ['jq -f a.jq', ['1 path a.jq']],
  ['awk -f a.awk d/x', ['1 path a.awk', '1 path d/x']],
  ['python3 -m pytest -q', ['1 module pytest']],
  ['python3 -m json.tool', []],
  ['cat a/x.txt', ['1 path a/x.txt']],
  ['cat $P/../../x', []],
  ['cat $P/a/../x', ['1 path x']],
  ['cat "$P/$x"', ['1 path $P/$x']],
  ['cat "$P/a*"', ['1 path a*']],
  [
    'cat "a/$x" b/*.txt c/{d,e} f/`pwd`',
    ['1 path a/$x', '1 path b/*.txt', '1 path c/{d,e}', '1 path f/`pwd`'],
  ],
  ['cat "$P/a/$x"', ['1 path a/$x']],
  [`cat "a/\${x// /_}.txt"`, [`1 path a/\${x// /_}.txt`]],
  ['f="a/$x"; cat "$f"', ['1 path a/$x']],
  ['cat "/etc/$x" "../../../$x" "$X/a/$y"', []],
  ['cat "a/:$x"', []],
  ['echo 1 > "a/$x"; cat "a/$x"', ['1 write a/$x']],
  ['for f in a/*.txt b/c; do :; done < "d/$x"', ['1 path a/*.txt', '1 path d/$x']],
  ['for f; do :; done', []],
  ['. lib.sh a/b', ['1 path lib.sh']],
  ['grep -qf "a/$x" -e b/c d/e', ['1 path a/$x', '1 path d/e']],
  ['grep --file=a/x b/c', ['1 path a/x', '1 path b/c']],
  ['awk -f a/x.awk b/c', ['1 path a/x.awk', '1 path b/c']],
  ['grep --color a/b c/d', ['1 path c/d']],
  ['[ -f .git ]', ['1 path .git']],
  ['[ -n "$P/x" ]', []],
  ['touch $P/x; cat $P/x', ['1 write x']],
  ['echo a > out/log', ['1 write out/log']],
  ['echo a >> $LOG', []],
  ['echo a | tee -a $P/log', ['1 write log']],
  ['cp a $P/b', ['1 write b']],
  ['touch $P/../../x', ['1 write /project/../../x']],
  ['sed -i s/a/b/ $P/x', ['1 write x']],
  ['sed s/a/b/ $P/x', ['1 path x']],
  ['grep -q a/b $P/x', ['1 path x']],
  ['grep -q x <<<"$P/y"', []],
  ['jq -n --arg f "$P/x" .', []],
  ['jq . "$P/x"', ['1 path x']],
  ['mkdir -p ~/.x', ['1 home ~/.x']],
  ['echo a > /tmp/x; cat /tmp/x', []],
  ['cat /tmp/x', ['1 state /tmp/x']],
  ['echo a >> /tmp/x', ['1 log /tmp/x']],
  ['echo a >> /tmp/x; echo b >> /tmp/x', ['1 log /tmp/x']],
  ['f=/tmp/x.log; jq . | tee -a "$f"', ['1 log /tmp/x.log']],
  ['echo a > /tmp/x; echo b >> /tmp/x; cat /tmp/x', []],
  ['echo a >> /tmp/x; tail /tmp/x', ['1 log /tmp/x']],
  ['echo a > /tmp/x', []],
  ['echo a | tee /tmp/x', []],
  ['f=$(mktemp); echo a >> "$f"', []],
  ['echo a >> /tmp/x.$$', []],
  ['f=$(mktemp); cat "$f"', []],
  ['cat /tmp/x.$$', []],
  ['cd /tmp', []],
  ['f=`jq -r .file_path`; head "$f"', ['1 opened file_path']],
  ['f=$(jq -r .tool_name); head "$f"', []],
  [`head "$(jq -r .cwd${' '.repeat(2000)})"`, []],
  [`f=$(jq -r .cwd${' '.repeat(2000)}); head "$f"`, []],
  ['head "a b/c"', []],
  ['head "$x-y"', []],
  ['. "$X/lib.sh"', ['1 path $X/lib.sh']],
  ['. "$X"', []],
  ['\necho $P_TOOL $P_SET > $P_LOG', ['2 variable P_TOOL', '2 variable P_LOG']],
  [`echo $\{P_SKIP:-0} $\{P:-$P_OTHER}`, []],
  ['echo P_TOOL', []],
  ['P_TOOL=1; echo $P_TOOL', []],
  ['/opt/homebrew/bin/gh x', ['1 program gh']],
  ['$P/x.sh', []],
])('%j needs %j', (text, needs) => {
  expect(facts(text)).toEqual(needs);
});

it('a text that is no file reads from the folder of the project alone', () => {
  const { all } = shellFacts('cat a/x', { ...place, folder: undefined });
  expect(all[0]?.places).toEqual(['a/x']);
});

it('texts in texts are read to a depth', () => {
  const nested = (depth: number): string =>
    depth === 0 ? 'git x' : `eval '${nested(depth - 1).replaceAll("'", "'\\''")}'`;
  expect(facts(nested(2))).toEqual(['1 program git']);
  expect(facts(nested(7))).toEqual([]);
});
