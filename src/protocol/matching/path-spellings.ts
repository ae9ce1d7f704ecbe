/** The spellings of one path: of Unix and of Windows, in any case, with composed accents or not. */

/** A pattern that begins with a drive of Windows starts from the root, and `~` is all of `~/`. */
export function rooted(pattern: string): string {
  if (pattern === '~') return '~/';
  const [, drive = '', rest = ''] = /^(?:\/\/)?([A-Za-z]):([\\/].*)$/s.exec(pattern) ?? [];
  if (drive === '') return pattern;
  // Behind `C:/` a backslash makes the character behind it literal.
  const path = rest.startsWith('/') ? rest : rest.replaceAll('\\', '/');
  return `//${drive.toLowerCase()}${path}`;
}

/**
 * A path and its cwd as Unix reads them, and as Windows does if they have a `\`: `\\?\C:\a` is
 * `C:\a`, and `C:a` is in the cwd.
 */
export function readingsOf(
  path: string,
  cwd: string | undefined,
): (readonly [string, typeof cwd])[] {
  const onWindows = (text: string) =>
    text
      .replaceAll('\\', '/')
      .replace(/^\/\/[?.]\//, '')
      .replace(/^[A-Za-z]:(?!\/)/, '');
  const read = [onWindows(path), cwd === undefined ? cwd : onWindows(cwd)] as const;
  return read[0] === path && read[1] === cwd ? [[path, cwd]] : [[path, cwd], read];
}

/** Systems store the same name with composed or with separate accents. */
export function composed(text: string): string {
  return text.normalize('NFC');
}

/** Windows and macOS open a file under its name in any case, and Claude Code compares it so. */
export function folded(text: string): string {
  return composed(text).toLowerCase();
}

/** A path of Windows as a path of a Unix shell: `/c/Users` for `C:\Users`. */
export function slashed(path: string): string {
  const [drive] = /^[A-Za-z]:(?=[\\/])/.exec(path) ?? [];
  if (drive === undefined) return path;
  return `/${drive.charAt(0).toLowerCase()}${path.slice(2).replaceAll('\\', '/')}`;
}
