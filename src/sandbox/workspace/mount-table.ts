/** Reads the kernel's list of mounts, /proc/self/mountinfo. */

/** The first mount point below a folder; undefined when there is none. */
export function mountsBelow(mountinfo: string, folder: string): string | undefined {
  const start = Buffer.from(`${folder}/`).toString('latin1');
  for (const line of mountinfo.split('\n')) {
    const point = unescaped(line.split(' ', 5)[4] ?? '');
    if (point.startsWith(start)) return Buffer.from(point, 'latin1').toString();
  }
  return undefined;
}

/** The kernel writes blanks and backslashes of a path as three octal digits: `\040`. */
function unescaped(text: string): string {
  return text.replace(/\\([0-7]{3})/g, (_, digits: string) =>
    String.fromCharCode(Number.parseInt(digits, 8)),
  );
}
