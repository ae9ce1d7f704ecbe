/**
 * Finds the command of a condition behind other words, as in `X git push o`, where X may run its
 * arguments, and in `git -C . push o`. No list of programs that run others is complete, so every
 * program counts as one.
 */

/** One simple command for this search, with blanks for its braces and commas. */
export interface Loose {
  readonly text: string;
  /**
   * The same text, in which words that contain a blank are blotted out: a text in quotes names no
   * command.
   */
  readonly names: string;
  /** The number of characters at the start of `text` that are certain; undefined: all. */
  readonly known: number | undefined;
}

/** `{git,push}` is two words. */
export function loosened(text: string): string {
  return text.replace(/[{},]/g, ' ');
}

/** @returns the word as it occurs in `names`. */
export function blotted(word: string): string {
  return /\s/.test(word) ? '_'.repeat(word.length) : loosened(word);
}

/** Characters before which, or behind which, a name is a part of another one. */
const before = /[\w.+-]/;
const behind = /[\w./-]/;

/**
 * @param pattern of a command.
 * @returns a test whether the command may run what the pattern describes, though it does not begin
 * like the pattern.
 */
export function compileWrapped(pattern: string): (command: Loose) => boolean {
  const spelt = pattern.replace(/ \*$/, '');
  const beginning = loosened(spelt.split('*', 1)[0] as string);
  const [name] = /^\S*/.exec(beginning) as unknown as [string];
  if (name === '') return () => false;
  const isClosed = !spelt.includes('*');
  const [subcommand] = /^[^ -][^ ]*|$/.exec(beginning.slice(name.length + 1)) as unknown as [
    string,
  ];
  return (command) => {
    const { text, names, known } = command;
    const ownEnd = names.indexOf(' ');
    if (ownEnd === -1) return false;
    const places = placesOf(name, names);
    // Options of a program stand before its subcommand.
    const last =
      subcommand === '' ? -1 : known === undefined ? text.lastIndexOf(subcommand) : text.length;
    if (places.some((at) => at < last && text.startsWith(' -', at + name.length))) return true;
    // The command itself is compared with the whole pattern elsewhere.
    if (places.some((at) => at > ownEnd && continues(command, at, beginning, isClosed)))
      return true;
    return known !== undefined && endsWithin(names.slice(0, known), name);
  };
}

/** Where the name stands as a name of its own, or begins one. */
function placesOf(name: string, names: string): readonly number[] {
  const places: number[] = [];
  for (let at = names.indexOf(name); at !== -1; at = names.indexOf(name, at + 1)) {
    if (!before.test(names.charAt(at - 1))) places.push(at);
  }
  return places;
}

/** The text continues like the beginning of the pattern, as far as it is certain. */
function continues(
  { text, known }: Loose,
  at: number,
  beginning: string,
  isClosed: boolean,
): boolean {
  if (text.startsWith(beginning, at))
    return !(isClosed && behind.test(text.charAt(at + beginning.length)));
  return known !== undefined && beginning.startsWith(text.slice(at, known));
}

/** The certain text ends within the name, and the rest of the word may complete it. */
function endsWithin(text: string, name: string): boolean {
  const word = text.slice(Math.max(text.lastIndexOf(' '), text.lastIndexOf('/')) + 1);
  return word !== '' && name.startsWith(word);
}
