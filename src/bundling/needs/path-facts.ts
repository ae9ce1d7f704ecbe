/** Which files a shell text reads and writes that a sandbox does not have or keep. */
import { join } from '../inside.ts';
import type { Facts } from './facts.ts';
import type { ShellPlace } from './shell-values.ts';

/** A word of the text that names a file or a folder. */
export interface PathUse {
  readonly word: string;
  /** As far as it is known: `/project/…`, `/tmp/…`, `~/…`; variables stay. */
  readonly path: string;
  readonly line: number;
  readonly isSure: boolean;
  readonly isWritten: boolean;
  /** What was in the file stays. */
  readonly isAppended?: boolean;
  /** By `source`. */
  readonly isSourced?: boolean;
}

/**
 * Members of the context that name files of the agent's machine. `transcript_path` and
 * `agent_transcript_path` are none of them: they name the copy in the sandbox.
 */
const ofAgent = /\b(?:file_path|filePath|notebook_path|cwd)\b/;

function isScratch(path: string): boolean {
  return /^\/tmp(?:\/|$)/.test(path);
}

/** @param values as the text assigns them. */
export function pathFacts(
  facts: Facts,
  uses: readonly PathUse[],
  values: ReadonlyMap<string, string>,
  place: ShellPlace,
): void {
  const written = new Set<string>();
  const made = uses.filter(({ isWritten }) => isWritten).map(({ path }) => path);
  for (const use of uses) {
    const { path, line, isWritten } = use;
    const member = isWritten ? undefined : memberIn(path, values);
    if (member !== undefined) facts.add('opened', member, line);
    else if (/^~(?:\/|$)/.test(path)) facts.add('home', shownPath(use), line);
    else if (isWritten) takeWrite(facts, use, written);
    else if (isScratch(path)) takeScratch(facts, use, written);
    else takeRead(facts, use, made, place);
    if (isWritten) written.add(path);
  }
}

function takeScratch(facts: Facts, use: PathUse, written: ReadonlySet<string>): void {
  if (isKept(use.path) && !written.has(use.path)) facts.add('state', shownPath(use), use.line);
}

function takeWrite(facts: Facts, use: PathUse, written: ReadonlySet<string>): void {
  const isLog = use.isAppended === true && !written.has(use.path);
  if (isLog && isKept(use.path)) facts.add('log', shownPath(use), use.line);
  if (isReadOnly(use.path)) facts.add('write', shownPath(use), use.line);
}

/** The path where all of it is known, else the word as it is written. */
function shownPath({ word, path }: PathUse): string {
  if (/[$`]/.test(path)) return word.slice(0, 200);
  const inside = path.startsWith('/project/') ? join('', path.slice('/project/'.length)) : path;
  return String(inside ?? path).slice(0, 200);
}

/** `$(jq -r .tool_input.file_path)` and a variable that holds it. */
function memberIn(path: string, values: ReadonlyMap<string, string>): string | undefined {
  if (!/^[$`]/.test(path)) return undefined;
  const [, name = ''] = /^\$\{?(\w+)\}?$/.exec(path) ?? [];
  const text = values.get(name) ?? path;
  return /^[$`]/.test(text) && text.length < 2000 ? ofAgent.exec(text)?.[0] : undefined;
}

/** A name of its own for every run is no state: `mktemp`, `$$`, `$RANDOM`. */
function isKept(path: string): boolean {
  return /^\/tmp\/./.test(path) && !/\$\$|\$\{?(?:RANDOM|BASHPID)|mktemp/.test(path);
}

function isReadOnly(path: string): boolean {
  return /^[\w./]/.test(path) && !/^\/(?:dev|proc|tmp)(?:\/|$)/.test(path);
}

function takeRead(
  facts: Facts,
  use: PathUse,
  made: readonly string[],
  { folder }: ShellPlace,
): void {
  const { path, line, isSure } = use;
  if (use.isSourced && /^[$`]/.test(path) && /\/[\w.-]+$/.test(path))
    facts.add('path', shownPath(use), line, { isSure, places: [], isSourced: true });
  const known = knownPart(path);
  if (known === undefined || made.includes(path)) return;
  const inside = known.startsWith('/project/') ? known.slice('/project/'.length) : known;
  if (inside.startsWith('/')) return;
  const isRelative = inside === known;
  const bases = isRelative && folder !== undefined ? ['', folder] : [''];
  const joined = bases.map((base) => join(base, inside)).filter((one) => one !== undefined);
  const isFolder = known !== path;
  // The project itself is no folder that goes along.
  const places = isFolder ? joined.filter((place) => place !== '') : joined;
  const isSourced = use.isSourced === true;
  if (joined.length > 0)
    facts.add('path', isFolder ? shownPattern(use) : shownPath(use), line, {
      isSure,
      places,
      isSourced,
      isFolder,
    });
}

/** A path with a computed name, below the folder as far as that is known. */
function shownPattern({ word, path }: PathUse): string {
  const inside = path.replace(/^\/project\//, '');
  return (/^[$`]/.test(inside) ? word : inside).slice(0, 200);
}

/**
 * The path, or the folder before the first part that is computed.
 * @returns undefined where nothing of the path is known.
 */
function knownPart(path: string): string | undefined {
  const plain = path.replace(/[^\w.@+~/-].*/s, '');
  if (plain === path) return /[a-z]/i.test(path.replace(/^\/project/, '')) ? path : undefined;
  const isComputed = plain.includes('/') && /^[$`*?[{]/.test(path.slice(plain.length));
  return isComputed ? plain.slice(0, plain.lastIndexOf('/') + 1) : undefined;
}
