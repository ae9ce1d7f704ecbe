/** A python text without its comments and documentation, with all lines in their places. */

/** Replaces comments and texts in three quotes by blanks; other texts stay. */
export function pythonCode(text: string): string {
  const parts: string[] = [];
  let from = 0;
  const blank = (start: number, end: number) => {
    parts.push(text.slice(from, start), text.slice(start, end).replace(/[^\n]/g, ' '));
    from = end;
  };
  for (let at = 0; at < text.length; ) {
    const char = text.charAt(at);
    if (char === '#') {
      const end = endOr(text, '\n', at);
      blank(at, end);
      at = end;
    } else if (char === '"' || char === "'") {
      const quotes = char.repeat(3);
      const isLong = text.startsWith(quotes, at);
      const end = isLong
        ? Math.min(endOr(text, quotes, at + 3) + 3, text.length)
        : shortEnd(text, at);
      if (isLong) blank(at, end);
      at = end;
    } else at++;
  }
  return parts.join('') + text.slice(from);
}

/** End of a text in single quotes, which ends with its line at the latest. */
function shortEnd(text: string, start: number): number {
  const quote = text.charAt(start);
  for (let at = start + 1; at < text.length; at++) {
    const char = text.charAt(at);
    if (char === '\\') at++;
    else if (char === quote) return at + 1;
    else if (char === '\n') return at;
  }
  return text.length;
}

function endOr(text: string, end: string, from: number): number {
  const found = text.indexOf(end, from);
  return found === -1 ? text.length : found;
}

/** Modules that a text imports, with the position of each statement. */
export function importsIn(code: string): { readonly module: string; readonly position: number }[] {
  const found: { module: string; position: number }[] = [];
  const statement =
    /(?<=^|[;\n]|\btry:)[ \t]{0,80}(?:from[ \t]+([A-Za-z_]\w{0,100})(?=[.\w]{0,200}[ \t]+import\b)|import[ \t]+([^\n;]{1,500}))/g;
  for (const { 1: from, 2: list = '', index } of code.matchAll(statement)) {
    const names = from === undefined ? list.split(',') : [from];
    for (const name of names) {
      const [module] = /^[A-Za-z_]\w*/.exec(name.trim()) ?? [];
      const position = index + code.slice(index).search(/\S/);
      if (module !== undefined) found.push({ module, position });
    }
  }
  for (const { 1: module = '', index } of code.matchAll(
    /\bimport_module\(\s{0,80}["']([A-Za-z_]\w{0,100})/g,
  ))
    found.push({ module, position: index });
  return found;
}

/** Whether a position stands under `if TYPE_CHECKING:`, which no interpreter enters. */
export function isForTypes(code: string, position: number): boolean {
  const before = code.slice(Math.max(0, position - 2000), position);
  const at = before.lastIndexOf('TYPE_CHECKING:');
  return at !== -1 && !before.endsWith('\n') && !/\n\S/.test(before.slice(at));
}
