/**
 * The first line of a node script that says how it starts, in the place of a shebang, so that lines
 * keep their numbers. gate.cjs of the image reads it.
 */
import { projectPath } from './bundle.ts';

export interface NodeStartLine {
  /** The working folder; undefined: `/tmp`. */
  readonly folder?: string | undefined;
  readonly environment: Readonly<Record<string, string>>;
  /** Variables of `environment` that hold the project's folder. */
  readonly folders?: readonly string[] | undefined;
  /** The file to run in the place of the script, and its arguments. */
  readonly argv?: readonly string[] | undefined;
  /** As with `--no-warnings`. */
  readonly isQuiet?: boolean | undefined;
  /** Files are found as bun and tsx find them. */
  readonly isLoose?: boolean | undefined;
}

const marker = '#!hookpool-node ';

export function nodeLine(start: NodeStartLine): string {
  return `${marker}${JSON.stringify(start)}`;
}

/** Puts the line in the place of a shebang, else before the script. */
export function withNodeLine(source: string, start: NodeStartLine): string {
  const line = nodeLine(start);
  return source.startsWith('#!') ? source.replace(/^#![^\n]*/, () => line) : `${line}\n${source}`;
}

/**
 * The script with more variables; in a workspace it starts in the event's folder. A file of the
 * bundle is then named by its whole path, because a relative one would name the project's own file.
 */
export function nodeStartedWith(
  variables: Readonly<Record<string, string>>,
  source: string,
  place?: { readonly workspace: string; readonly cwd: string },
): string {
  const start = startOf(source);
  if (place === undefined)
    return withNodeLine(source, { ...start, environment: { ...start.environment, ...variables } });
  const { folder = projectPath, folders = [], argv, ...rest } = start;
  const moved = movedFolder(folder, place.workspace, place.cwd);
  const named = Object.fromEntries(folders.map((name) => [name, place.workspace]));
  const environment = { ...start.environment, ...named, ...variables };
  return withNodeLine(source, {
    ...rest,
    folder: moved,
    environment: 'PWD' in environment ? { ...environment, PWD: moved } : environment,
    ...(argv === undefined ? {} : { argv: bundled(argv, folder) }),
  });
}

function startOf(source: string): NodeStartLine {
  if (!source.startsWith(marker)) return { environment: {} };
  const line = source.slice(marker.length, `${source}\n`.indexOf('\n'));
  try {
    return JSON.parse(line) as NodeStartLine;
  } catch {
    // Another program wrote it into the queue; node then refuses the line.
    return { environment: {} };
  }
}

function movedFolder(folder: string, workspace: string, cwd: string): string {
  if (folder === projectPath || !folder.startsWith(`${projectPath}/`)) return cwd;
  return workspace + folder.slice(projectPath.length);
}

function bundled([file = '', ...args]: readonly string[], folder: string): readonly string[] {
  return [file.startsWith('/') ? file : `${folder}/${file}`, ...args];
}
