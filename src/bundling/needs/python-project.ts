/** Files of the project that a python text names by what it computes: `cwd / name`. */

interface ProjectPath {
  /** As the text writes it. */
  readonly word: string;
  readonly position: number;
}

/** The most variables and paths of one text. */
const maxNames = 50;
const maxFound = 50;

const assigned =
  /(?<=^|\n)[ \t]{0,80}([A-Za-z_]\w{0,60})(?:: {0,9}[\w| .[\]]{1,60})? {0,9}= {0,9}([^\n]{1,300})/g;
const workingFolder = /\bPath\.cwd\(\)|\bgetcwd\(\)|["']cwd["']/;
const computed = `(?:[fF]["'][^"'\\n]{0,80}\\{[^"'\\n]{1,80}["']|[A-Za-z_][\\w.]{0,60}(?![\\w"']))`;

/**
 * @param code without comments.
 * @param folders variables of the environment that hold the project's folder.
 */
export function projectPaths(code: string, folders: readonly string[]): ProjectPath[] {
  const isFolder = (value: string) =>
    workingFolder.test(value) || folders.some((name) => value.includes(`environ["${name}"`));
  const names = new Set(['cwd']);
  for (const { 1: name = '', 2: value = '' } of code.matchAll(assigned))
    if (names.size < maxNames && isFolder(value.replaceAll("'", '"'))) names.add(name);
  const root = `(?:${[...names].join('|')}|(?:pathlib\\.)?Path\\.cwd\\(\\)|os\\.getcwd\\(\\))`;
  const uses = new RegExp(
    `(?<![\\w.])(?:(?:${root}|(?:pathlib\\.)?Path\\(${root}\\)) {0,9}\\/|(?:os\\.path\\.)?join\\( {0,9}${root} {0,9},) {0,9}${computed}`,
    'g',
  );
  return [...code.matchAll(uses)]
    .slice(0, maxFound)
    .map(({ 0: word, index }) => ({ word, position: index }));
}
