import { expect, it } from 'vitest';
import { commandNeeds } from '../../../src/files/agents/command-needs.ts';

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
  './scripts/x.sh "$CLAUDE_PROJECT_DIR"',
  "python -c 'pass'",
  '# curl x\nexit 0',
])('%j needs nothing', (command) => {
  expect(commandNeeds(command, ['CLAUDE_PROJECT_DIR'])).toEqual([]);
});

it.each([
  ['node x.js', 'node is not in'],
  ['/usr/local/bin/node x.js', 'node is not in'],
  ['npx prettier --write .', 'npx is not in'],
  ['xargs python x.py', 'write python3'],
  ['git push', 'git is not in'],
  ['test -n "$(git status --porcelain)"', 'git is not in'],
  ['jq . | curl -d @- https://x', 'curl needs the network'],
  ['if ! wget x; then exit 2; fi', 'wget needs the network'],
  ['A=1 B=2 exec timeout 10s ssh host', 'ssh needs the network'],
  ['xargs -n 1 curl', 'curl needs the network'],
  ['bash -lc "go run ."', 'go is not in'],
  [
    'case $CRUSH_TOOL_INPUT_COMMAND in *rm*) exit 2;; esac',
    'the variable CRUSH_TOOL_INPUT_COMMAND of the agent',
  ],
  [
    'python3 -c "import os; os.environ[\'OPENHANDS_TOOL_NAME\']"',
    'the variable OPENHANDS_TOOL_NAME of the agent',
  ],
])('%j needs what it does not get: %s', (command, need) => {
  expect(commandNeeds(command, [])).toEqual([expect.stringContaining(need)]);
});

it('every need is told once', () => {
  expect(commandNeeds('curl a; curl b; node c', [])).toEqual([
    'curl needs the network, which a sandbox does not have.',
    "node is not in the sandbox's image.",
  ]);
});
