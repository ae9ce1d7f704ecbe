/**
 * The JSON that a script prints. A script written for one agent system and run under another would
 * mostly fail open, so every known spelling is read in every dialect, the strictest one wins, and
 * a spelling that is foreign to the dialect leaves a diagnostic.
 */
import { messageOf } from '../errors.ts';
import type { DecisionKind, Diagnostic } from './decision.ts';
import type { Dialect } from './dialect.ts';
import { isJsonObject, type JsonObject, jsonDepth, maxJsonDepth, ownProperty } from './json.ts';

/** What a script said, before its exit code and its event are looked at. */
export interface Output {
  /** undefined: it said nothing about the action. */
  readonly decision: DecisionKind | undefined;
  /** `permissionDecision: allow`, which in some dialects overrides policies. */
  readonly permitted: boolean;
  readonly reason: string | undefined;
  readonly additionalContext: string | undefined;
  readonly systemMessage: string | undefined;
  readonly updatedInput: unknown;
  readonly continue: boolean | undefined;
  readonly stopReason: string | undefined;
  readonly diagnostics: readonly Diagnostic[];
}

export type ParsedOutput =
  | { readonly kind: 'empty' }
  | { readonly kind: 'output'; readonly output: Output }
  | { readonly kind: 'malformed'; readonly message: string; readonly diagnostic: Diagnostic }
  | { readonly kind: 'unknown'; readonly message: string };

const words: Readonly<Record<string, DecisionKind>> = {
  allow: 'allow',
  approve: 'allow',
  block: 'block',
  deny: 'block',
  ask: 'ask',
  defer: 'ask',
};

/** Keys that hold one of the words above. */
const wordPaths: ReadonlySet<string> = new Set([
  'decision',
  'permissionDecision',
  'permission_decision',
  'permission',
  'hookSpecificOutput.permissionDecision',
  'hookSpecificOutput.permission_decision',
  'hookSpecificOutput.decision.behavior',
  'hook_specific_output.permission_decision',
  'hook_specific_output.permissionDecision',
]);

/** Keys that hold true or false, and what each of the two says. */
const flagPaths: readonly { readonly path: string; readonly whenTrue?: DecisionKind; readonly whenFalse?: DecisionKind }[] = [
  { path: 'ok', whenTrue: 'none', whenFalse: 'block' },
  { path: 'continue' },
  { path: 'continue_' },
  { path: 'cancel', whenTrue: 'block' },
  { path: 'halt', whenTrue: 'block' },
];

const nests = ['', 'hookSpecificOutput.', 'hook_specific_output.'];
const textPaths = {
  reason: [
    'reason',
    ...nests.flatMap((nest) =>
      ['permissionReason', 'permissionDecisionReason', 'permission_decision_reason'].map((key) => nest + key),
    ),
    'errorMessage',
    'user_message',
    'userMessage',
  ],
  additionalContext: nests
    .flatMap((nest) => ['additionalContext', 'additional_context'].map((key) => nest + key))
    .concat('context', 'contextModification'),
  systemMessage: ['systemMessage', 'system_message'],
  stopReason: ['stopReason', 'stop_reason'],
} as const;
const inputPaths = nests
  .flatMap((nest) => ['updatedInput', 'updated_input'].map((key) => nest + key))
  .concat('modified_input', 'modifiedArgs', 'hookSpecificOutput.tool_input');
/** Known keys that say nothing about the action. */
const silentPaths = [
  'suppressOutput',
  'suppress_output',
  'hookSpecificOutput.hookEventName',
  'hook_specific_output.hook_event_name',
  'hook_event_name',
  'version',
];

const knownPaths: ReadonlySet<string> = new Set([
  ...wordPaths,
  ...flagPaths.map((flag) => flag.path),
  ...Object.values(textPaths).flat(),
  ...inputPaths,
  ...silentPaths,
]);
const containers: ReadonlySet<string> = new Set(['hookSpecificOutput', 'hook_specific_output', 'hookSpecificOutput.decision']);
const quoteLength = 200;

/** Reads all of stdout as one JSON object. Blank is `empty`; anything else that is no object is `malformed`. */
export function parseOutput(dialect: Dialect, stdout: Uint8Array): ParsedOutput {
  const { text, exact } = decode(stdout);
  if (text.trim() === '') return { kind: 'empty' };
  const parsed = parseObject(text);
  if (typeof parsed === 'string') return malformed(text, parsed);
  const found = collect(parsed);
  const wrong = found.wrong[0];
  const output = readFound(dialect, parsed, found);
  const broken = wrong !== undefined || !exact;
  const rejects = output.decision === 'block' || output.continue === false;
  if (wrong !== undefined && !rejects) return { kind: 'unknown', message: wrong };
  if (found.known.length === 0 && found.unknown.length > 0) {
    return { kind: 'unknown', message: `none of its keys is known: ${quote(Object.keys(parsed).join(', '))}` };
  }
  // A block stands whatever else is wrong; anything milder needs an unbroken text.
  if (!exact && !rejects) return malformed(text, 'it is not valid UTF-8');
  // What is broken and only ends the turn says nothing milder beside it.
  return { kind: 'output', output: broken && output.decision !== 'block' ? { ...output, decision: undefined } : output };
}

interface Found {
  readonly known: string[];
  readonly unknown: string[];
  readonly said: DecisionKind[];
  readonly wrong: string[];
}

function collect(root: JsonObject): Found {
  const paths = leaves(root);
  const known = paths.filter((path) => knownPaths.has(path));
  const claims = known.map((path) => claimOf(path, at(root, path)));
  return {
    known,
    unknown: paths.filter((path) => !knownPaths.has(path)),
    said: claims.flatMap((claim) => claim?.kind ?? []),
    wrong: claims.flatMap((claim) => claim?.wrong ?? []),
  };
}

/** What the value at a known path says about the action, or why it says nothing that can be trusted. */
function claimOf(path: string, value: unknown): { kind?: DecisionKind | undefined; wrong?: string } | undefined {
  const flag = flagPaths.find((one) => one.path === path);
  if (flag !== undefined) {
    if (typeof value === 'boolean') return { kind: value ? flag.whenTrue : flag.whenFalse };
    return { wrong: `${path} is ${quote(JSON.stringify(value))}, not true or false` };
  }
  if (!wordPaths.has(path)) return undefined;
  if (typeof value === 'string' && Object.hasOwn(words, value)) return { kind: words[value] };
  return { wrong: `${path} is ${quote(JSON.stringify(value))}, not one of ${Object.keys(words).join(', ')}` };
}

function readFound(dialect: Dialect, root: JsonObject, found: Found): Output {
  const diagnostics = found.wrong.map((wrong) => note('wrong-type', `${wrong}; ignored beside a rejection.`));
  const text = (name: keyof typeof textPaths) => firstText(root, textPaths[name], diagnostics);
  const decision = found.said.length === 0 ? undefined : decisionOf(found.said);
  const foreign = found.known.filter((path) => !dialect.nativeOutput.has(path));
  if (foreign.length > 0)
    diagnostics.push(note('foreign-spelling', `${foreign.join(', ')}: not of the ${dialect.name} dialect; read all the same.`));
  if (found.unknown.length > 0) diagnostics.push(note('unknown-key', `${quote(found.unknown.join(', '))}: not known; ignored.`));
  if (new Set(found.said.filter((kind) => kind !== 'none')).size > 1 || (found.said.includes('none') && decision === 'block')) {
    diagnostics.push(note('contradiction', 'The output says more than one thing; the strictest counts.'));
  }
  const updatedInput = inputPaths.map((path) => at(root, path)).find((value) => value !== undefined && value !== null);
  const flags = [at(root, 'continue'), at(root, 'continue_')].filter((flag) => typeof flag === 'boolean');
  return {
    decision,
    permitted: at(root, 'hookSpecificOutput.permissionDecision') === 'allow',
    reason: text('reason'),
    additionalContext: text('additionalContext'),
    systemMessage: text('systemMessage'),
    stopReason: text('stopReason'),
    updatedInput,
    continue: flags.length === 0 ? undefined : !flags.includes(false),
    diagnostics,
  };
}

function decisionOf(said: readonly DecisionKind[]): DecisionKind {
  for (const kind of ['block', 'ask', 'allow'] as const) if (said.includes(kind)) return kind;
  return 'none';
}

/** The first non-blank string; a value of another type is reported, never taken. */
function firstText(root: JsonObject, paths: readonly string[], diagnostics: Diagnostic[]): string | undefined {
  for (const path of paths) {
    const value = at(root, path);
    if (typeof value === 'string' && value.trim() !== '') return value;
    if (value !== undefined && value !== null && typeof value !== 'string') {
      diagnostics.push(note('wrong-type', `${path} is not a string; ignored.`));
    }
  }
  return undefined;
}

function leaves(root: JsonObject, prefix = ''): string[] {
  return Object.entries(root).flatMap(([key, value]) => {
    // A dot inside a key would make a path out of it that is not there.
    if (key.includes('.')) return [JSON.stringify(key)];
    const path = prefix + key;
    return containers.has(path) && isJsonObject(value) ? leaves(value, `${path}.`) : [path];
  });
}

function at(root: JsonObject, path: string): unknown {
  return path.split('.').reduce<unknown>(ownProperty, root);
}

/** Strict first; what has broken bytes is read with replacement characters, so that a block is not lost. */
function decode(bytes: Uint8Array): { text: string; exact: boolean } {
  try {
    return { text: new TextDecoder('utf-8', { fatal: true }).decode(bytes), exact: true };
  } catch {
    return { text: new TextDecoder('utf-8').decode(bytes), exact: false };
  }
}

/** The object, or what is wrong with the text. */
function parseObject(text: string): JsonObject | string {
  if (jsonDepth(text) > maxJsonDepth) return `it is nested deeper than ${maxJsonDepth} levels`;
  try {
    const value: unknown = JSON.parse(text);
    return isJsonObject(value) ? value : 'it is JSON, but not an object';
  } catch (error) {
    return messageOf(error);
  }
}

function malformed(text: string, why: string): ParsedOutput {
  const message = `stdout is not one JSON object (${quote(why)}): ${quote(text.trim())}`;
  const hint = text.includes('{')
    ? 'Something else was printed beside the JSON; logs belong on stderr.'
    : 'Plain text means nothing here; logs belong on stderr.';
  return { kind: 'malformed', message, diagnostic: note('stdout-not-pure-json', hint) };
}

function note(code: string, message: string): Diagnostic {
  return { code, message };
}

function quote(text: string): string {
  return text.length > quoteLength ? `${text.slice(0, quoteLength)}…` : text;
}
