import { expect, it } from 'vitest';
import { parseHooksFile } from '../../src/files/hooks-file.ts';

it('a matcher and a condition that match nothing are warnings at their lines', () => {
  const text = [
    'dialect: claude-code',
    'hooks:',
    '  PreToolUse:',
    '    - matcher: Bash(git commit:*)',
    '      command: exit 0',
    '    - matcher: Bash',
    '      if: PowerShell(Remove-Item *)',
    '      command: exit 0',
  ].join('\n');
  const { hooks } = parseHooksFile('hooks.yaml', text);
  expect(hooks.flatMap(({ warnings }) => warnings)).toMatchObject([
    { line: 4, message: expect.stringContaining('is a condition: write matcher: Bash') },
    { line: 7, message: expect.stringContaining('is for PowerShell') },
  ]);
});
