/** The parts of a subcommand: its help text, its options, and its function. */
import { type ParseArgsConfig, parseArgs } from 'node:util';
import { InvalidInputError, messageOf } from '../errors.ts';

/**
 * Exit codes. 0 and 2 are decisions, 1 is a test that failed; the others are sysexits, so that no
 * mistake looks like a block. `interrupted` is the code that shells report for SIGINT.
 */
export const exitCodes = {
  ok: 0,
  failed: 1,
  block: 2,
  usage: 64,
  bug: 70,
  unavailable: 75,
  interrupted: 130,
} as const;

export interface Io {
  /** The bytes of stdin; asked for by a command that reads them. */
  readonly stdin: () => AsyncIterable<Uint8Array>;
  /**
   * Writes text for people, or JSON from plainJson(). No control sequence in text of scripts,
   * callers and files takes effect.
   */
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
  /**
   * Writes raw bytes of a script: unchanged to a program, without control characters to a terminal.
   */
  readonly outBytes: (bytes: Uint8Array) => void;
  readonly errBytes: (bytes: Uint8Array) => void;
  /** Whether stdout is a terminal; only a terminal gets colours. */
  readonly terminal: boolean;
  readonly columns: number;
  /**
   * Returns a signal that the next SIGTERM or SIGINT aborts; a second one ends the process at once.
   */
  readonly stopSignal: () => AbortSignal;
  /**
   * Calls the listener on SIGHUP, which no longer ends the process: files that were rotated are
   * opened anew.
   */
  readonly onHangUp: (listener: () => void) => void;
}

export interface ParsedCommand {
  readonly options: NonNullable<ParseArgsConfig['options']>;
}

export interface Command extends ParsedCommand {
  readonly usage: string;
  /** @returns the exit code. */
  run(args: Arguments, io: Io): Promise<number>;
}

/**
 * A command whose exit codes the agent defines: it also answers for bad arguments, and ends the
 * process.
 */
export type OwnEnd = (argv: readonly string[]) => Promise<never>;

const helpWidth = 100;

/** Joins words with commas and wraps them for a help text. */
export function listed(words: readonly string[], indent: number): string {
  const lines = [''];
  for (const [index, word] of words.entries()) {
    const piece = index < words.length - 1 ? `${word},` : word;
    const line = lines.at(-1) ?? '';
    if (line === '') lines[lines.length - 1] = piece;
    else if (indent + line.length + 1 + piece.length > helpWidth) lines.push(piece);
    else lines[lines.length - 1] = `${line} ${piece}`;
  }
  return lines.map((line) => ' '.repeat(indent) + line).join('\n');
}

export class Arguments {
  readonly positionals: readonly string[];
  readonly #values: Readonly<Record<string, unknown>>;

  constructor(values: Readonly<Record<string, unknown>>, positionals: readonly string[]) {
    this.#values = values;
    this.positionals = positionals;
  }

  flag(name: string): boolean {
    return this.#values[name] === true;
  }

  text(name: string): string | undefined {
    const value = this.#values[name];
    return typeof value === 'string' ? value : undefined;
  }

  list(name: string): string[] {
    const value = this.#values[name];
    return Array.isArray(value) ? value.map(String) : [];
  }

  /** @throws InvalidInputError `INVALID_USAGE` */
  oneOf<T extends string>(name: string, allowed: readonly T[]): T | undefined {
    const value = this.text(name);
    if (value === undefined || (allowed as readonly string[]).includes(value))
      return value as T | undefined;
    throw new InvalidInputError(
      'INVALID_USAGE',
      `--${name} is "${value}"; it must be one of ${allowed.join(', ')}.`,
    );
  }

  /** @throws InvalidInputError `INVALID_USAGE` */
  number(name: string, min: number, max: number): number | undefined {
    const text = this.text(name);
    if (text === undefined) return undefined;
    const value = Number(text);
    if (text.trim() !== '' && value >= min && value <= max) return value;
    throw new InvalidInputError(
      'INVALID_USAGE',
      `--${name} is "${text}"; it must be a number from ${min} to ${max}.`,
    );
  }

  /** For commands that take options only. @throws InvalidInputError `INVALID_USAGE` */
  noPositionals(): void {
    if (this.positionals.length > 0)
      throw new InvalidInputError('INVALID_USAGE', `Unexpected argument "${this.positionals[0]}".`);
  }

  /** @throws InvalidInputError `INVALID_USAGE` */
  required(name: string): string {
    const value = this.text(name);
    if (value !== undefined) return value;
    throw new InvalidInputError('INVALID_USAGE', `--${name} is missing.`);
  }
}

/** @throws InvalidInputError `INVALID_USAGE` for an unknown or incomplete option. */
export function parseArguments(command: ParsedCommand, argv: readonly string[]): Arguments {
  try {
    const { values, positionals } = parseArgs({
      args: [...argv],
      options: { ...command.options, help: { type: 'boolean', short: 'h' } },
      allowPositionals: true,
      strict: true,
    });
    return new Arguments(values, positionals);
  } catch (error) {
    throw new InvalidInputError('INVALID_USAGE', messageOf(error), { cause: error });
  }
}
