/** Files from public repositories and issues, as far as a command needs no sandbox for them. */
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { checkCommand } from '../../src/cli/check.ts';
import { type Io, parseArguments } from '../../src/cli/command.ts';
import { dialectOf, readFileOptions, readHookFiles } from '../../src/cli/load-hooks.ts';
import { runCommand } from '../../src/cli/run.ts';
import { evaluate } from '../../src/dispatch/dispatcher.ts';
import { decide } from '../../src/protocol/verdict/decide.ts';
import {
  type FieldCase,
  type FieldCommand,
  fieldRows,
  inFolderOf,
  needsSandbox,
  readFieldCases,
  stdinOf,
} from '../conformance/field-case.ts';
import { bytes, exited } from '../protocol/samples.ts';

const cases = readFieldCases();
const rows = fieldRows(cases);

/** The arguments of a command in this process, whose own folder is another one. */
const placed = ({ files }: FieldCase, { args }: FieldCommand, folder: string) =>
  args.slice(1).map((word) => (Object.hasOwn(files, word) ? path.join(folder, word) : word));

async function checked(args: string[]) {
  const said: string[] = [];
  const keep = (text: string) => void said.push(text);
  const io = { out: keep, err: keep, columns: 400, terminal: false } as unknown as Io;
  const parsed = parseArguments(checkCommand, args);
  if (parsed.flag('help')) return { exit: 0, text: checkCommand.usage };
  return { exit: await checkCommand.run(parsed, io), text: said.join('') };
}

/** The hooks whose command an event starts, each of which exits with 0, and what comes of it. */
async function run(args: string[], stdin: string) {
  const parsed = parseArguments(runCommand, args);
  const options = readFileOptions(parsed);
  const { sets, problems } = await readHookFiles(parsed.list('hooks'), options);
  expect(problems).toEqual([]);
  const started: string[] = [];
  const request = {
    dialect: dialectOf(sets, options.dialect),
    hooks: sets.flatMap((set) => set.hooks.map(({ hook }) => hook)),
    context: bytes(stdin),
  };
  const decision = await evaluate(request, async ({ dialect, hook }) => {
    started.push(hook.name);
    return decide(dialect, hook, exited(0));
  });
  return { started, decision };
}

test('every case has an id of its own, a source, and an expectation for each command', () => {
  expect(new Set(cases.map(({ id }) => id)).size).toBe(33);
  for (const { id, source, commands } of cases) {
    expect(source, id).not.toBe('');
    expect(commands.length, id).toBeGreaterThan(0);
    for (const { expect: wanted } of commands)
      expect(wanted.decision ?? wanted.says?.[0], id).toBeTypeOf('string');
  }
});

describe('check without a sandbox says what it has to', () => {
  const checks = rows.filter(({ command }) => command.args[0] === 'check');

  test.each(checks.filter(({ command }) => !needsSandbox(command)))(
    '$title',
    async ({ one, command }) => {
      const { exit, says = [] } = command.expect;
      const found = await inFolderOf(one, (folder) => checked(placed(one, command, folder)));
      expect(found.exit, found.text).toBe(exit);
      for (const word of says) expect(found.text).toContain(word);
    },
  );
});

describe('an event starts exactly the hooks whose matcher and condition it meets', () => {
  const runs = rows.filter(({ command }) => command.args.includes('--hooks'));

  test.each(runs.filter(({ command }) => command.expect.started !== undefined))(
    '$title',
    async ({ one, command }) => {
      const { started, decision } = await inFolderOf(one, (folder) =>
        run(placed(one, command, folder), stdinOf(command)),
      );
      expect(started).toHaveLength(command.expect.started ?? 0);
      if (needsSandbox(command)) return;
      expect(decision.decision).toBe(command.expect.decision);
      for (const word of command.expect.says ?? [])
        expect(JSON.stringify(decision)).toContain(word);
    },
  );
});
