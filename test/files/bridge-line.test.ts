import { describe, expect, it } from 'vitest';
import { parseHooksFile } from '../../src/files/hooks-file.ts';

const text = /^f:\d+:\d+: This is the bridge itself: send the file as it was before/;

function problem(value: object, dialect?: string): string {
  try {
    parseHooksFile('f', JSON.stringify(value), { dialect });
    return 'accepted';
  } catch (error) {
    return (error as Error).message;
  }
}

const claude = (command: string) => ({
  hooks: { PreToolUse: [{ matcher: '*', hooks: [{ type: 'command', command }] }] },
});

const line = 'hook --dialect claude-code --hookset guard';

describe("the bridge in the place of a hook's command refuses the file", () => {
  it.each([
    `hookpool ${line}`,
    `/usr/local/bin/hookpool ${line}`,
    `HOOKPOOL_SERVER=unix:///run/h.sock exec hookpool ${line}`,
    `"$HOME/.npm/bin/hookpool" ${line}`,
    `npx hookpool ${line}`,
    `npx -y hookpool@1.2 ${line}`,
    `npx -p hookpool hookpool ${line}`,
    `npm exec -- hookpool ${line}`,
    `pnpm dlx hookpool ${line}`,
    `bunx hookpool ${line}`,
    `node /opt/hookpool/dist/cli/main.js ${line}`,
    `/home/a/.nvm/versions/node/v24.1.0/bin/node /opt/hookpool/dist/cli/main.js ${line}`,
    `/opt/hookpool/dist/native/hookpool-hook --dialect claude-code --hookset guard`,
    `node --enable-source-maps dist/cli/main.js ${line}`,
    `timeout 20 hookpool ${line} || exit 2`,
    `bash -c 'hookpool ${line}'`,
    'hookpool-hook.sh claude-code guard',
    'sh deploy/bridge/hookpool-hook.sh claude-code guard allow',
    '"$CLAUDE_PROJECT_DIR"/hookpool-hook.sh claude-code guard',
  ])('%s', (command) => {
    expect(problem(claude(command))).toMatch(text);
  });

  it.each<[string, object, string?]>([
    ['our own format', { hooks: { Stop: [{ command: `hookpool ${line}` }] } }],
    ['a script', { hooks: { Stop: [{ script: `#!/bin/sh\nexec hookpool ${line}\n` }] } }],
    [
      'an Azure document',
      { kind: 'ExtendedAgent', spec: { hooks: { Stop: [{ script: `hookpool ${line}` }] } } },
    ],
    ['a file of Copilot', { version: 1, hooks: { agentStop: [{ bash: `hookpool ${line}` }] } }],
  ])('in %s', (_, value, dialect) => {
    expect(problem(value, dialect)).toMatch(text);
  });

  it('in a shell script that the command starts', () => {
    const file = (content: string) => ({ '.claude/hooks/b.sh': { content, executable: true } });
    const calls = file(`#!/bin/bash\nexec hookpool ${line}\n`);
    for (const command of ['bash .claude/hooks/b.sh', './.claude/hooks/b.sh'])
      expect(problem({ ...claude(command), files: calls })).toMatch(text);
    const harmless = file('#!/bin/bash\nexit 0\n');
    expect(problem({ ...claude('./.claude/hooks/b.sh'), files: harmless })).toBe('accepted');
  });

  it.each([
    'echo "hookpool hook blocks this"; exit 0',
    'grep -q "hookpool hook" /dev/null',
    'hookpool_hook=1',
    "bash -c 'echo hook'",
  ])('%s is no bridge', (command) => {
    expect(problem(claude(command))).toBe('accepted');
  });

  it('a text that no script may have is not searched', () => {
    const long = `hookpool ${line} ${'x'.repeat(70_000)}`;
    expect(problem({ hooks: { Stop: [{ command: long }] } })).toMatch(/script has \d+ bytes/);
  });
});
