/** Folders from which a python text reads files by names that it computes. */

export interface PythonFolder {
  /** As the text writes it, with the computed name if it stands in the same string. */
  readonly word: string;
  readonly folder: string;
  readonly position: number;
  /** The path begins at the working folder or at the script: its place is known. */
  readonly isSure: boolean;
}

/** The most folders of one text; as many as it has facts. */
const maxFound = 200;

const opening =
  'open|exists|isfile|isdir|is_file|getsize|stat|Path|PurePath|i?glob|listdir|scandir|walk';
const text = `[rRfF]{0,2}["']([^"'\\n]{1,200})["']`;
/** `open(f"config/{name}.txt")`, `open("config/" + name)`, `listdir("config")`. */
const opened = new RegExp(`\\b(${opening})\\(\\s{0,80}${text}(\\s{0,80}\\+)?`, 'g');
/** `path = f"config/{name}.txt"`, and what opens it. */
const assigned = new RegExp(
  `(?<=^|\\n)[ \\t]{0,80}([A-Za-z_]\\w{0,60}) {0,9}= {0,9}${text}(\\s{0,80}\\+)?`,
  'g',
);
const openedNames = new RegExp(`\\b(?:${opening})\\(\\s{0,80}([A-Za-z_]\\w{0,60})\\b`, 'g');
const name = `["'][\\w.@+/-]{1,100}["']`;
/**
 * `join(folder, "config", name)`, `folder / "config" / f"{name}.txt"`, `Path("config") / name` and
 * `(folder / "config").glob("*")`.
 */
const joined = new RegExp(
  `(\\bjoin\\([^"'\\n[]{0,200},|\\/|\\b(?:join|Path)\\()\\s{0,80}(${name}(?:\\)?\\s{0,80}[,/]\\s{0,80}${name}){0,8})(?=\\)?\\s{0,80}[,/]\\s{0,80}[A-Za-z_(]|\\)\\s{0,80}\\.(?:r?glob|iterdir)\\()`,
  'g',
);

/** @param code without comments. */
export function pythonFolders(code: string): PythonFolder[] {
  return [...inStrings(code), ...inJoins(code)]
    .filter(({ folder }) => /\w/.test(folder))
    .slice(0, maxFound);
}

function inStrings(code: string): PythonFolder[] {
  const found: PythonFolder[] = [];
  const take = (word: string, folder: string | undefined, position: number) => {
    if (folder !== undefined) found.push({ word, folder, position, isSure: true });
  };
  for (const { 1: call = '', 2: word = '', 3: plus, index } of code.matchAll(opened)) {
    const isFolder = /^(?:listdir|scandir|walk)$/.test(call) && /^[\w.@+/-]+$/.test(word);
    take(word, isFolder ? word : folderIn(word, plus !== undefined), index);
  }
  const names = new Set([...code.matchAll(openedNames)].map(([, variable]) => variable));
  for (const { 1: variable, 2: word = '', 3: plus, index } of code.matchAll(assigned))
    if (names.has(variable)) take(word, folderIn(word, plus !== undefined), index);
  return found.filter(({ folder }) => !folder.startsWith('/'));
}

/** The folder before the first computed part; undefined where all of the path is known. */
function folderIn(word: string, isContinued: boolean): string | undefined {
  const known = word.replace(/[^\w.@+/-].*/s, '');
  const isComputed = known === word ? isContinued : /^[{%*?[]/.test(word.slice(known.length));
  return isComputed ? known.slice(0, known.lastIndexOf('/') + 1) : undefined;
}

function inJoins(code: string): PythonFolder[] {
  return [...code.matchAll(joined)].flatMap(({ 1: head = '', 2: list = '', index }) => {
    const names = [...list.matchAll(/["']([^"']+)["']/g)].map(([, one]) => String(one));
    const folder = names.join('/');
    if (folder.startsWith('/')) return [];
    const start = Math.max(code.lastIndexOf('\n', index) + 1, index - 200);
    const isOwn = code.slice(start, index + head.length).includes('__file__');
    const isFirst = /\b(?:join|Path)\($/.test(head);
    return [{ word: `${folder}/`, folder, position: index, isSure: isFirst || isOwn }];
  });
}
