/**
 * Files from public repositories and issues through whole calls of hookpool. The first calls of each
 * command are of the built one; needs `npm run build`.
 */
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
import { hookpoolHere } from '../support/cli-here.ts';

/** test/cli/field-cases.test.ts has the others. */
const rows = fieldRows(readFieldCases()).filter(({ command }) => needsSandbox(command));

/** Of each command; what they say about the start of a process, the others need not say again. */
const asProcesses = 3;
const built = new Set(
  ['run', 'check', 'exec'].flatMap((name) =>
    rows.filter(({ command }) => command.args[0] === name).slice(0, asProcesses),
  ),
);

async function replayed(row: FieldRow) {
  const { one, command } = row;
  const call = built.has(row) ? hookpool : hookpoolHere;
  return inFolderOf(one, (folder) =>
    call(command.args, stdinOf(command), command.env ?? {}, folder),
  );
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
