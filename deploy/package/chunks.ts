/**
 * Loads the files of dist/ as require() does, with the code that V8 compiled from them when the
 * package was built: a start then neither parses nor compiles what it runs. Node.js 20 has no such
 * cache of its own. This is the only code of dist/ that each start compiles anew.
 */
import { openSync, readFileSync, readSync } from 'node:fs';
import path from 'node:path';
import { Script } from 'node:vm';

/** The compiled code of a file, by the file's path below dist/. */
export type CompiledCode = (name: string) => Buffer | undefined;

/** The file of compiled code for a version of Node.js, below dist/: V8 takes it from no other. */
export const compiledName = `compiled/${process.version}-${process.arch}`;

const headBytes = 8;

/** All compiled code as one file: the length of its index, the index, and the code of each file. */
export function packed(parts: ReadonlyMap<string, Buffer>): Buffer {
  const sizes = JSON.stringify([...parts].map(([name, code]) => [name, code.length]));
  const index = Buffer.from(sizes.padEnd(sizes.length + (-sizes.length & (headBytes - 1))));
  const head = Buffer.alloc(headBytes);
  head.writeUInt32LE(index.length);
  return Buffer.concat([head, index, ...parts.values()]);
}

/** Opens such a file. Without one, or with one that is cut off, there is no compiled code. */
export function openCompiled(file: string): CompiledCode {
  try {
    const opened = openSync(file, 'r');
    let at = headBytes;
    const head = bytesAt(opened, 0, headBytes).readUInt32LE();
    const index: [string, number][] = JSON.parse(bytesAt(opened, at, head).toString());
    at += head;
    const places = new Map(
      index.map(([name, size]) => {
        at += size;
        return [name, [at - size, size] as const];
      }),
    );
    return (name) => {
      const place = places.get(name);
      return place && bytesAt(opened, ...place);
    };
  } catch {
    return () => undefined;
  }
}

function bytesAt(opened: number, at: number, size: number): Buffer {
  const bytes = Buffer.allocUnsafeSlow(size);
  return bytes.subarray(0, readSync(opened, bytes, 0, size, at));
}

interface Loaded {
  exports: unknown;
}

/**
 * Loads a file and those that it requires, each once.
 * @param compiled code that V8 refuses, because it is of another version or made under other flags,
 * is compiled anew
 * @param onScript told of each file: training.ts keeps what was compiled
 */
export function load(
  dist: string,
  entry: string,
  compiled: CompiledCode,
  onScript: (name: string, script: Script) => void = () => {},
): unknown {
  const loaded = new Map<string, Loaded>();
  const loadFile = (file: string): unknown => {
    const known = loaded.get(file);
    if (known !== undefined) return known.exports;
    const module: Loaded = { exports: {} };
    loaded.set(file, module);
    const name = path.relative(dist, file);
    const cachedData = compiled(name);
    const script = new Script(wrapped(file), { filename: file, ...(cachedData && { cachedData }) });
    onScript(name, script);
    const folder = path.dirname(file);
    const required = (asked: string) =>
      asked.startsWith('.') ? loadFile(path.join(folder, asked)) : require(asked);
    script.runInThisContext().call(module.exports, module.exports, required, module, file, folder);
    return module.exports;
  };
  return loadFile(path.join(dist, entry));
}

/** esbuild writes ASCII, which takes one byte per character as latin1. */
function wrapped(file: string): string {
  const text = readFileSync(file, 'latin1').replace(/^#!/, '//');
  return `(function(exports,require,module,__filename,__dirname){${text}\n})`;
}
