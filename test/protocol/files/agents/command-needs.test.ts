import { expect, it } from 'vitest';
import { commandNeeds } from '../../../../src/protocol/files/agents/command-needs.ts';

it.each([
  'exit 2',
  'jq -e \'.tool_input.command | test("rm -rf") | not\' >/dev/null || { echo no >&2; exit 2; }',
  'if grep -q x; then echo curl; else printf "%s" "git push"; fi',
  'python3 -c "import json, sys; sys.exit(0)"',
  'python3 -I -c pass',
  "python3 - <<'PY'\nimport subprocess\nPY",
  'echo x | python3',
  'python3 -m json.tool',
  'python3 >/tmp/out',
  'python3 --version',
  'bash -c "exit 2"',
  'bash -s <<E\nexit 2\nE',
  'bash',
  '/usr/bin/jq . | /bin/cat > /tmp/x',
  'bash /tmp/made.sh',
  '"$SELF" x',
  'X=1',
  'timeout 5 jq .',
  'env',
  'sudo -n',
  'bash -c',
  '# curl x\nexit 0',
])('%j needs nothing', (command) => {
  expect(commandNeeds(command)).toEqual([]);
});

it.each([
  ['./scripts/x.sh', 'the file ./scripts/x.sh beside'],
  ['hooks/guard', 'the file hooks/guard beside'],
  ['/opt/acme/guard --fast', 'the file /opt/acme/guard beside'],
  ['python3 hooks/guard.py --strict', 'the file hooks/guard.py beside'],
  ['python3 -u guard.py', 'the file guard.py beside'],
  ['bash x.sh', 'the file x.sh beside'],
  ['. ./lib.sh; check', 'the file ./lib.sh beside'],
  ['"$CLAUDE_PROJECT_DIR"/.claude/hooks/x.sh', 'the file $CLAUDE_PROJECT_DIR/.claude/hooks/x.sh beside'],
  ['python3 $\x7BCLAUDE_PLUGIN_ROOT}/x.py', 'the file $\x7BCLAUDE_PLUGIN_ROOT}/x.py beside'],
  ['cat >> "$GEMINI_PROJECT_DIR/log"', 'the file $GEMINI_PROJECT_DIR/log beside'],
  ['$PROJECT_DIR/x', 'the file $PROJECT_DIR/x beside'],
  ['jq . >> ~/.claude/log.txt', 'the file ~/.claude/log.txt beside'],
  ['node x.js', 'node is not in'],
  ['/usr/local/bin/node x.js', 'node is not in'],
  ['npx prettier --write .', 'npx is not in'],
  ["python -c 'pass'", 'write python3'],
  ['python3 -m acme.guard', 'the python module acme.guard is not'],
  ['python3 -m', 'the python module  is not'],
  ['git push', 'git is not in'],
  ['test -n "$(git status --porcelain)"', 'git is not in'],
  ['jq . | curl -d @- https://x', 'curl needs the network'],
  ['if ! wget x; then exit 2; fi', 'wget needs the network'],
  ['A=1 B=2 exec timeout 10s ssh host', 'ssh needs the network'],
  ['xargs -n 1 curl', 'curl needs the network'],
  ['bash -lc "go run ."', 'go is not in'],
  ['case $CRUSH_TOOL_INPUT_COMMAND in *rm*) exit 2;; esac', 'the variable CRUSH_TOOL_INPUT_COMMAND of the agent'],
  ['python3 -c "import os; os.environ[\'OPENHANDS_TOOL_NAME\']"', 'the variable OPENHANDS_TOOL_NAME of the agent'],
])('%j needs what it does not get: %s', (command, need) => {
  expect(commandNeeds(command)).toEqual([expect.stringContaining(need)]);
});

it('every need is told once', () => {
  expect(commandNeeds('python guard.py')).toHaveLength(2);
  expect(commandNeeds('curl a; curl b; node c')).toEqual([
    'curl needs the network, which a sandbox does not have.',
    "node is not in the sandbox's image.",
  ]);
});
