/** Files from public repositories and issues through the built commands; needs `npm run build`. */
import { describe, expect, test } from 'vitest';
import {
  type FieldRow,
  fieldRows,
  inFolderOf,
  needsSandbox,
  readFieldCases,
  stdinOf,
} from '../conformance/field-case.ts';
import { hookpool } from '../support/cli.ts';

/** test/cli/field-cases.test.ts has the others. */
const rows = fieldRows(readFieldCases()).filter(({ command }) => needsSandbox(command));

async function replayed({ one, command }: FieldRow) {
  const env = command.env ?? {};
  return inFolderOf(one, (folder) => hookpool(command.args, stdinOf(command), env, folder));
}

describe('a file from the field has the outcome that its source asks for', () => {
  test.each(rows)('$title', async (row) => {
    const { code, stdout, stderr } = await replayed(row);
    const { exit, decision, says = [] } = row.command.expect;
    expect(code, stderr).toBe(exit);
    if (decision !== undefined) expect(JSON.parse(stdout)).toMatchObject({ decision });
    for (const word of says) expect(stdout + stderr).toContain(word);
  });
});
