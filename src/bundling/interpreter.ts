/** Finds the interpreter of a file that is started by its name. */
import type { BundleFile } from '../protocol/bundle.ts';
import type { Runtime } from '../protocol/run.ts';
import { looseNode, nodeStart } from './node-start.ts';

export interface Interpreter {
  /** undefined: none of the runtimes. */
  readonly runtime?: Runtime;
  /**
   * The waiting interpreter can run the file: its first line has no options and names no other
   * shell.
   */
  readonly isPlain: boolean;
  /** The words that the kernel puts before the file; undefined: it starts the file itself. */
  readonly starter?: readonly string[];
  /** The name of the interpreter, where the default profile's image lacks it. */
  readonly lacking?: string;
  /** End of a sentence that begins with the file's name. */
  readonly problem?: string;
}

const inImage = ['bash', 'sh', 'dash', 'python3', 'jq', 'awk', 'gawk', 'sed', 'env'];

/** A text without `#!` runs in the shell. */
export function interpreterOf({ content }: BundleFile): Interpreter {
  const head = Buffer.from(content.subarray(0, 256)).toString('latin1');
  if (head.startsWith('\u007fELF')) return { isPlain: false };
  if (!head.startsWith('#!')) return { runtime: 'bash', isPlain: true, starter: ['bash'] };
  const line = head.slice(2, `${head}\n`.indexOf('\n'));
  if (line.endsWith('\r'))
    return {
      isPlain: false,
      problem: 'has Windows line ends: no interpreter is found by its first line.',
    };
  const starter = line.trim().split(/\s+(.*)/, 2);
  const words = line.trim().split(/\s+/);
  const viaEnv = /(?:^|\/)env$/.test(words[0] as string);
  const rest = viaEnv ? words.slice(1).filter((word) => word !== '-S') : words;
  const name = String(rest[0]).replace(/^.*\//, '');
  const isPlain = words.length === (viaEnv ? 2 : 1);
  if (name === 'python3') return { runtime: 'python3', isPlain, starter };
  // uv.ts puts python3 into the first line of the file that goes along.
  if (name === 'uv' && rest[1] === 'run')
    return { runtime: 'python3', isPlain: true, starter: ['python3'] };
  const node = nodeStart(name, [...rest.slice(1), 'file.ts']);
  if (node !== undefined || line.includes(looseNode))
    return { runtime: 'node', isPlain: true, starter };
  if (name === 'node') return { runtime: 'node', isPlain: false, starter };
  if (['bash', 'sh', 'dash'].includes(name))
    return { runtime: 'bash', isPlain: isPlain && name === 'bash', starter };
  if (inImage.includes(name)) return { isPlain: false, starter };
  return otherInterpreter(name, starter);
}

function otherInterpreter(name: string, starter: readonly string[]): Interpreter {
  const instead = name === 'python' ? ': write python3 in its first line' : '';
  const canBeThere = /^[\w.+-]+$/.test(name) && name !== 'python';
  return {
    isPlain: false,
    ...(canBeThere ? { starter, lacking: name } : {}),
    problem: `is run by ${name}, which is not in the sandbox's image${instead}.`,
  };
}
