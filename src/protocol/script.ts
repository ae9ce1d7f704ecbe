/** The script of a hook before it becomes a job: its interpreter and its text. */
import { InvalidInputError } from '../errors.ts';
import type { Bundle } from './bundle.ts';
import type { Runtime } from './run.ts';

export interface Script {
  readonly runtime: Runtime;
  readonly source: string;
  /** The files that the script needs. */
  readonly bundle?: Bundle | undefined;
  /** Script files of the bundle that the script starts, for callers that parse them in advance. */
  readonly runs?: readonly ScriptFile[] | undefined;
}

interface ScriptFile {
  readonly path: string;
  readonly runtime: Runtime;
}

/** A key that is equal for scripts with the same runtime, text and files. */
export function scriptKey({ runtime, source, bundle }: Script): string {
  return `${runtime}\n${bundle?.digest ?? ''}\n${source}`;
}

const shebangs: ReadonlyMap<string, Runtime> = new Map([
  ['#!/bin/bash', 'bash'],
  ['#!/usr/bin/bash', 'bash'],
  ['#!/usr/bin/env bash', 'bash'],
  ['#!/usr/bin/env python3', 'python3'],
  ['#!/usr/bin/python3', 'python3'],
  ['#!/bin/python3', 'python3'],
  ['#!/usr/bin/env node', 'node'],
  ['#!/usr/bin/node', 'node'],
  ['#!/usr/local/bin/node', 'node'],
]);

/**
 * Line ends become LF (bash reads `exit 2\r` as a syntax error, and syntax errors exit with 2), a
 * byte order mark is removed, and the first line selects the runtime; without a shebang it is bash.
 * @throws InvalidInputError `INVALID_SCRIPT` or `TOO_LARGE`, with the line and the fix.
 */
export function parseScript(text: string, maxBytes: number): Script {
  const bytes = Buffer.byteLength(text);
  if (bytes > maxBytes) {
    throw new InvalidInputError(
      'TOO_LARGE',
      `The script has ${bytes} bytes; ${maxBytes} are the most. Shorten it.`,
    );
  }
  const source = text.replace(/^\uFEFF/, '').replaceAll('\r\n', '\n');
  if (source.trim() === '')
    throw invalid('The script is empty, so it could never object. Remove the hook or write it.');
  if (source.includes('\0'))
    throw invalid('The script contains a NUL character, which interpreters cut or refuse.');
  if (!source.isWellFormed())
    throw invalid('The script contains half of a surrogate pair and has no UTF-8 form.');
  return { runtime: runtimeOf(source), source };
}

function runtimeOf(source: string): Runtime {
  if (/^\s+#!/.test(source))
    throw invalid('The shebang must be the very first line: remove what stands before it.');
  if (!source.startsWith('#!')) return 'bash';
  const line = source.slice(0, `${source}\n`.indexOf('\n')).trimEnd();
  const runtime = shebangs.get(line.replace(/^#!\s+/, '#!').replace(/\s+/g, ' '));
  if (runtime !== undefined) return runtime;
  const known = '#!/bin/bash, #!/usr/bin/env python3 or #!/usr/bin/env node';
  const flags = [...shebangs.keys()].some((shebang) => line.startsWith(`${shebang} `));
  if (flags)
    throw invalid(
      `Options in "${line}" would be ignored. Use ${known} and put the options into a set line.`,
    );
  throw invalid(`Unsupported shebang "${line}". Use ${known}.`);
}

function invalid(message: string): InvalidInputError {
  return new InvalidInputError('INVALID_SCRIPT', message);
}
