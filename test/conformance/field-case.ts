/** One line of field-cases.jsonl: files as somebody wrote them, and what our commands make of them. */
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

interface FieldExpectation {
  readonly exit: number;
  /** Of `run --json`. */
  readonly decision?: string;
  /** Texts that stdout or stderr has. */
  readonly says?: readonly string[];
  /** How many commands of hooks the event starts. */
  readonly started?: number;
}

export interface FieldCommand {
  /** What follows `hookpool`; files are named from the folder of the case. */
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** A text, or the JSON of a context. */
  readonly stdin?: string | object;
  readonly expect: FieldExpectation;
}

export interface FieldCase {
  readonly id: string;
  /** The repository, issue or page that the files come from. */
  readonly source: string;
  readonly title: string;
  /** Why the commands are what they are, in words. */
  readonly expected: string;
  readonly files: Readonly<Record<string, string | object>>;
  readonly commands: readonly FieldCommand[];
}

/** A command with its case, as one row of a test. */
export interface FieldRow {
  readonly title: string;
  readonly one: FieldCase;
  readonly command: FieldCommand;
}

export function readFieldCases(): FieldCase[] {
  const file = path.join(import.meta.dirname, 'field-cases.jsonl');
  const lines = readFileSync(file, 'utf8').split('\n').filter(Boolean);
  return lines.map((line) => JSON.parse(line) as FieldCase);
}

/** Every command of the cases that hold. */
export function fieldRows(cases: readonly FieldCase[] = readFieldCases()): FieldRow[] {
  return cases.flatMap((one) =>
    one.commands.map((command, at) => ({
      title: `${one.id} ${at + 1}: ${command.args.join(' ')}`,
      one,
      command,
    })),
  );
}

/** Whether the command needs a sandbox; `check --static`, --help and hooks that do not match do not. */
export function needsSandbox({ args: [name, ...rest], expect }: FieldCommand): boolean {
  const isStatic = name === 'check' && (rest.includes('--static') || rest.includes('--help'));
  return !isStatic && expect.started !== 0;
}

export function stdinOf({ stdin = '' }: FieldCommand): string {
  return typeof stdin === 'string' ? stdin : JSON.stringify(stdin);
}

/** Calls `act` with a folder that holds the files of the case. */
export async function inFolderOf<T>(
  { id, files }: FieldCase,
  act: (folder: string) => Promise<T>,
): Promise<T> {
  const folder = mkdtempSync(path.join(tmpdir(), `hookpool-field-${id}-`));
  try {
    for (const [name, content] of Object.entries(files)) {
      const place = path.join(folder, name);
      const text = typeof content === 'string' ? content : JSON.stringify(content);
      mkdirSync(path.dirname(place), { recursive: true });
      writeFileSync(place, text);
      if (text.startsWith('#!')) chmodSync(place, 0o755);
    }
    return await act(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}
