import { execFileSync } from 'node:child_process';
import { expect, it } from 'vitest';
import { parseTestFile } from '../../src/cli/hook-tests/test-file.ts';
import { curlOf, hookTestOf } from '../../src/console/exports.ts';
import type { EvaluationRecord, KeptContext } from '../../src/server/api-types.ts';
import { evaluateBody } from '../../src/server/request-schemas.ts';

const context = {
  hook_event_name: 'PreToolUse',
  tool_name: 'Bash',
  tool_input: { command: `it's\n- a: "b" # c\t\u2028$(x) \`y\`` },
};
const record = {
  ...{ id: 'e', tenant: 'blue', dialect: 'claude-code', event: 'PreToolUse' },
  ...{ decision: 'block', decidedBy: 'no-rm', hookset: 'guards' },
} as EvaluationRecord;
const kept: KeptContext = {
  ...{ id: 'e', event: 'PreToolUse', context: JSON.stringify(context), active: ['late'] },
  documents: [{ name: 'guards', scope: 'named', sha256: '', text: 'hooks: {}' }],
};

it('a test case is one that test files can have, with the context as it was', () => {
  const file = `cases:\n${hookTestOf(record, kept)}`;
  const { parsed, problems } = parseTestFile('a.hooktest.yaml', file);
  expect(problems).toEqual([]);
  expect(parsed?.data.cases).toEqual([
    {
      ...{ name: 'evaluation e', event: 'PreToolUse', context, active: ['late'] },
      expect: { decision: 'block', decidedBy: 'no-rm' },
    },
  ]);
});

/** The body that a shell hands to curl. */
function sentBy(command: string): unknown {
  const words = execFileSync(
    'sh',
    ['-c', `curl() { for one; do last=$one; done; printf %s "$last"; }\n${command}`],
    {
      encoding: 'utf8',
    },
  );
  return JSON.parse(words);
}

it('a curl command asks the same of the same hooks, for the tenant and with the switches', () => {
  const named = evaluateBody.parse(sentBy(curlOf(record, kept, 'http://a')));
  expect(named).toMatchObject({
    ...{ tenant: 'blue', dialect: 'claude-code', hookset: 'guards', active: ['late'] },
    context: JSON.stringify(context),
  });
  const { hookset: _, ...unnamed } = record;
  const inline = sentBy(curlOf(unnamed as EvaluationRecord, kept, 'http://a'));
  expect(evaluateBody.parse(inline)).toMatchObject({ document: 'hooks: {}' });
});
