/**
 * Reads hook files: hookpool's own shape, Azure's documents, and the unchanged files of other
 * agents. A file is accepted or refused as a whole, with every problem listed, so that no guard is
 * dropped silently.
 */
import { z } from 'zod';
import { dialectNames, findDialect } from '../agents/registry.ts';
import { type ProjectFiles, remembering } from '../bundling/project-files.ts';
import { InvalidInputError } from '../errors.ts';
import { type Dialect, type FailMode, failModes } from '../protocol/dialect.ts';
import { isJsonObject, type JsonObject } from '../protocol/json.ts';
import { documentLimits } from '../protocol/limits.ts';
import { shown } from '../protocol/shown.ts';
import { type FileHint, readAgentFile } from './agents/agent-file.ts';
import { readScriptFile } from './agents/script-file.ts';
import { readExtendedAgent, readGlobalHook } from './azure-documents.ts';
import { filesSchema, readGivenFiles } from './given-files.ts';
import { hookEntrySchema, hookGroupSchema } from './hook-schema.ts';
import {
  type DocumentPlace,
  type DocumentResult,
  type HookSet,
  readEventMap,
  refuse,
  withHooks,
} from './hook-set.ts';
import { joined } from './joined-documents.ts';
import { withoutComments } from './json-comments.ts';
import { formatProblems } from './problem-text.ts';
import { type Problem, SourceDocument, told } from './source-document.ts';
import { looksLikeToml, parseToml } from './toml.ts';

/** Schema of hookpool's own hooks file. */
export const hooksFileSchema = z.strictObject({
  $schema: z.string().optional().meta({ description: 'For editors.' }),
  dialect: z.string().optional().meta({
    description:
      'Protocol of the agent that the hooks were written for. Default: that of whoever reads the file, else azure.',
  }),
  description: z.string().optional(),
  files: filesSchema.optional().meta({
    description: 'Path in the project -> a file that goes along, where the project cannot be read.',
  }),
  hooks: z.record(z.string(), z.array(z.union([hookEntrySchema, hookGroupSchema]))).meta({
    description: 'Event name -> hooks or groups of hooks, in the order in which they run.',
  }),
});

/**
 * Thrown when a file is refused; carries the first 20 problems, and how many more there are. Code
 * `INVALID_HOOKS`.
 */
export class InvalidHooksError extends InvalidInputError {
  readonly problems: readonly Problem[];

  constructor(problems: readonly Problem[]) {
    const first = told(problems);
    super('INVALID_HOOKS', formatProblems(first));
    this.problems = first;
  }
}

/**
 * Reads a hooks file of any known format.
 * @param file name for messages.
 * @param hint facts that the file itself may leave open.
 * @param beside the files of its project; a document may also bring its own.
 * @throws InvalidHooksError with the problems: place, mistake and fix.
 */
export function parseHooksFile(
  file: string,
  text: string,
  hint: FileHint = {},
  beside?: ProjectFiles,
): HookSet {
  const project = beside === undefined ? undefined : remembering(beside);
  const { set, problems } = readHooksFile({ file, hint, project, enclosed: 0 }, text);
  if (set === undefined) throw new InvalidHooksError(problems);
  return set;
}

/**
 * Limit of nested documents: a bundled file can be bundled again, and its reader recurses once per
 * level.
 */
const mostEnclosed = 4;

interface TextPlace {
  readonly file: string;
  readonly hint: FileHint;
  readonly project: ProjectFiles | undefined;
  /** Number of documents that enclose the text. */
  readonly enclosed: number;
}

function readHooksFile(place: TextPlace, text: string): DocumentResult {
  const script = readScriptFile(place, text);
  if (script !== undefined) return script;
  const { file, enclosed } = place;
  const isToml = looksLikeToml(text);
  const at = enclosed > 0 ? ['document'] : undefined;
  const { documents, problems } = isToml
    ? parseToml(file, text, at)
    : SourceDocument.parse(file, withoutComments(text), at);
  if (problems.length > 0) return { problems };
  const read = readAll(place, documents, isToml);
  const sets = read.flatMap(({ set, source }) => (set === undefined ? [] : [{ set, source }]));
  return sets.length < read.length
    ? { problems: read.flatMap((one) => one.problems) }
    : joined(sets);
}

/** Reads documents until there are too many hooks; the documents after that are not read. */
function readAll(place: TextPlace, documents: readonly SourceDocument[], isToml: boolean) {
  const read: (DocumentResult & { readonly source: SourceDocument })[] = [];
  let hooks = 0;
  for (const source of documents) {
    const { failMode, profiles } = place.hint;
    const result = readDocument({ ...place, source, failMode, profiles }, isToml);
    read.push({ source, ...result });
    hooks += result.set?.hooks.length ?? 0;
    if (hooks > documentLimits.hooks) break;
  }
  return read;
}

interface HintedPlace extends DocumentPlace, TextPlace {}

function readDocument(place: HintedPlace, isToml: boolean): DocumentResult {
  const { source } = place;
  const root = source.value;
  if (!isJsonObject(root))
    return refuse(source, [], 'A hooks file must be a mapping with a "hooks" key.');
  if (isToml || !('files' in root)) return readHooks(place, root, isToml);
  const { files, problems } = readGivenFiles(source, root['files']);
  if (files === undefined) return { problems };
  const { files: _, ...hooks } = root;
  const withFiles = { ...place, project: remembering(files) };
  return typeof hooks['document'] === 'string'
    ? readEnclosed(withFiles, hooks['document'], hooks)
    : readHooks(withFiles, hooks, isToml);
}

/**
 * Reads `{document: TEXT, files: {...}}`: an unchanged hooks file of any format, with its files,
 * and with `failMode` for hooks that say none. `dialect` and `path`, the file's place in its
 * project, tell whose it is. Problems have the lines of the inner text and the path of `document`.
 */
function readEnclosed(place: HintedPlace, document: string, keys: JsonObject): DocumentResult {
  const { file, source, project, enclosed } = place;
  const { document: _, dialect, path, failMode, ...others } = keys;
  const [other] = Object.keys(others);
  const innermost = `A document stands in more than ${mostEnclosed} others: send the innermost.`;
  if (enclosed === mostEnclosed) return refuse(source, ['document'], innermost);
  if (other !== undefined)
    return refuse(source, [other], `Unknown key "${shown(other)}" beside document and files.`);
  const problems: Problem[] = [];
  const named = dialect === undefined ? undefined : knownDialect(source, dialect, problems);
  if (path !== undefined && typeof path !== 'string')
    problems.push(source.problem(['path'], 'path must be the path of the file in its project.'));
  if (failMode !== undefined && !isFailMode(failMode))
    problems.push(source.problem(['failMode'], `failMode must be one of ${failModes.join(', ')}.`));
  if (problems.length > 0) return { problems };
  const hint = {
    ...place.hint,
    dialect: place.hint.dialect ?? named?.name,
    path: path as string,
    ...(failMode === undefined ? {} : { failMode: failMode as FailMode }),
  };
  return readHooksFile({ file, hint, project, enclosed: enclosed + 1 }, document);
}

function isFailMode(value: unknown): value is FailMode {
  return failModes.some((one) => one === value);
}

function readHooks(place: HintedPlace, root: JsonObject, isToml: boolean): DocumentResult {
  const { source } = place;
  const kindKey = 'kind' in root ? 'kind' : 'type';
  const kind = root[kindKey];
  if (isToml || kind === undefined)
    return readAgentFile({ ...place, root }, isToml) ?? readOwnFile(place, root);
  const folded = typeof kind === 'string' ? kind.toLowerCase() : '';
  if (folded === 'extendedagent') return readExtendedAgent(place, root);
  if (folded === 'globalhook') return readGlobalHook(place, root);
  const known = 'ExtendedAgent, GlobalHook, or a hookpool file with a "hooks" key';
  return refuse(
    source,
    [kindKey],
    `Unknown kind ${typeof kind === 'string' ? `"${shown(kind)}"` : 'that is not a text'}. Known: ${known}.`,
  );
}

function readOwnFile(
  { file, source, hint, project, failMode, profiles }: HintedPlace,
  root: JsonObject,
): DocumentResult {
  const known = Object.keys(hooksFileSchema.shape);
  const problems = Object.keys(root)
    .filter((key) => !known.includes(key))
    .map((key) =>
      source.problem([key], `Unknown key "${shown(key)}". Known: ${known.join(', ')}.`, 'key'),
    );
  const dialect = knownDialect(source, root['dialect'] ?? hint.dialect ?? 'azure', problems);
  if (dialect === undefined) return { problems };
  const read = readEventMap(
    { source, dialect, path: ['hooks'], tier: 'agent', project, failMode, profiles },
    root['hooks'],
  );
  const { hooks } = read;
  return withHooks(
    { file, format: 'hookpool', dialect },
    { hooks, problems: [...problems, ...read.problems] },
  );
}

function knownDialect(
  source: SourceDocument,
  name: unknown,
  problems: Problem[],
): Dialect | undefined {
  if (typeof name === 'string' && dialectNames.includes(name)) return findDialect(name);
  problems.push(source.problem(['dialect'], `dialect must be one of ${dialectNames.join(', ')}.`));
  return undefined;
}
