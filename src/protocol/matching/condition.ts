/**
 * Conditions on a tool's input, tested before anything starts: `Bash(git push *)`,
 * `Write(src/**\/*.ts)`. Where the result is uncertain, the hook runs.
 */
import { InvalidInputError } from '../../errors.ts';
import { isJsonObject } from '../json.ts';
import { compileGlob, type Glob, maxPathLength } from './patterns/glob.ts';
import { Matching, maxSubjectLength } from './patterns/matching.ts';
import { compiledOr, quotePattern } from './patterns/problem.ts';
import { compileWildcard } from './patterns/wildcard.ts';
import { splitShell } from './shell-line.ts';
import { compileWrapped } from './wrapped.ts';

export interface ToolCall {
  readonly toolName: string;
  readonly toolInput: unknown;
  /** The folder that relative paths and patterns start from. */
  readonly cwd: string | undefined;
}

/**
 * @param matching shared by the hooks of the event, so that they have one limit together and split
 * a line only once.
 */
export type Condition = (call: ToolCall, matching?: Matching) => boolean;

/**
 * Members of an input that are looked at, and those with a command or a path: with more of them
 * every hook runs.
 */
const maxMembers = 1_000;
const maxTested = 20;
/** A longer name of a member is none that a tool reads. */
const maxKeyLength = 64;
/** Characters of a condition as it is written. */
const maxConditionLength = 1_000;
const shape = /^([A-Za-z0-9_.*-]+)(?:\((.*)\))?$/s;
/**
 * Names of members of a tool's input that hold a command or a path, without `_` and `-` and in
 * lower case. The input comes from a model: a member of another spelling beside a known one must
 * not keep a guard from running.
 */
const commandKey = /(?:command|cmd|script|commandline|code)s?$/;
const pathKey = /(?:path|file|filename)s?$/;

/**
 * A pure function of the text; takes 1 to 20 µs, and at most 1 ms.
 * @throws InvalidInputError `INVALID_HOOKS` when it is not `Tool` or `Tool(pattern)`, or is too
 * long.
 */
export function compileCondition(text: string): Condition {
  const refused = (problem: string) =>
    new InvalidInputError('INVALID_HOOKS', `The condition ${quotePattern(text)} ${problem}.`);
  if (text.length > maxConditionLength) {
    throw refused(
      `has ${text.length} characters, and ${maxConditionLength} are the most: write several hooks`,
    );
  }
  const [, tool, pattern] = shape.exec(text.trim()) ?? [];
  if (tool === undefined) throw refused('must be Tool or Tool(pattern)');
  const isTool = toolTest(tool);
  if (pattern === undefined || pattern === '' || pattern === '*') {
    return ({ toolName }, matching = new Matching()) => isTool(toolName, matching);
  }
  const matchesLine = shellMatcher(pattern);
  const matchesPath = pathMatcher(pattern, refused);
  return ({ toolName, toolInput, cwd }, matching = new Matching()) => {
    if (!isTool(toolName, matching)) return false;
    const given = matching.once(testedMembers, toolInput);
    if (given === undefined) return matching.cannotTell();
    // It is unknown which of the values the tool uses: one match is enough, and a value that is not
    // a string counts as one.
    const isMatch = ({ value, isCommand }: Tested) =>
      typeof value !== 'string' ||
      (isCommand ? matchesLine(value, matching) : matchesPath(value, cwd, matching));
    return given.length === 0 || given.some(isMatch);
  };
}

interface Tested {
  readonly value: unknown;
  readonly isCommand: boolean;
}

/**
 * The members that patterns are tested on; undefined where there are too many to look at or to
 * test.
 */
function testedMembers(toolInput: unknown): Tested[] | undefined {
  if (!isJsonObject(toolInput)) return [];
  const members = Object.entries(toolInput);
  if (members.length > maxMembers) return undefined;
  const tested = members.flatMap(testedMember);
  return tested.length > maxTested ? undefined : tested;
}

/** A member whose value a pattern is tested on; null counts as absent. */
function testedMember([key, value]: readonly [string, unknown]): Tested[] {
  if (value === null || key.length > maxKeyLength) return [];
  const name = key.toLowerCase().replace(/[_-]/g, '');
  const isCommand = commandKey.test(name);
  return isCommand || pathKey.test(name) ? [{ value, isCommand }] : [];
}

function toolTest(tool: string): (name: string, matching: Matching) => boolean {
  if (!tool.includes('*')) return (name) => name === tool;
  const matches = compileWildcard(tool);
  return (name, matching) =>
    name.length > maxSubjectLength ? matching.cannotTell() : matches(name);
}

function shellMatcher(pattern: string): (line: string, matching: Matching) => boolean {
  // `git:*` is an older spelling of `git *`, and `git *` also matches git alone.
  const spelt = pattern.replace(/:\*$/, ' *');
  const nameOnly = /^[^\s*]+ \*$/.test(spelt) || !/\s/.test(spelt);
  const whole = compileWildcard(spelt);
  const alone = spelt.endsWith(' *') ? compileWildcard(spelt.slice(0, -2)) : whole;
  const isWrapped = compileWrapped(spelt);
  const [beginning = ''] = spelt.replace(/ \*$/, '').split('*');
  return (line, matching) => {
    const split = matching.once(splitShell, line);
    if (split === undefined || (split.expands && !nameOnly)) return true;
    const { commands, plain, beginnings, loose } = split;
    // Two patterns test each text, and at worst read each of its characters; the name of a command
    // given as a path occurs twice.
    const texts = commands.length + plain.length + beginnings.length;
    const steps = 2 * texts + loose.length + 4 * line.length;
    if (!matching.spend(steps)) return matching.cannotTell();
    const matches = (command: string) => whole(command) || alone(command);
    if (commands.some(matches) || plain.some(matches) || loose.some(isWrapped)) return true;
    // The text behind the beginning may be anything.
    return beginnings.some((known) => known.startsWith(beginning) || beginning.startsWith(known));
  };
}

type PathTest = (path: string, cwd: string | undefined, matching: Matching) => boolean;

function pathMatcher(pattern: string, refused: (problem: string) => InvalidInputError): PathTest {
  const anchored = pattern.replace(/^\/\//, '/').replace(/^\.\//, '');
  const matches = globIn(anchored, refused);
  return (path, cwd, matching) => {
    if (path.length + (cwd?.length ?? 0) > maxPathLength) return matching.cannotTell();
    // Without a cwd, a relative and an absolute path cannot be compared.
    if (cwd === undefined) {
      return path.startsWith('/') === anchored.startsWith('/')
        ? matches(matching.once(normalise, path), matching)
        : true;
    }
    const whole = matching.once(normalise, path.startsWith('/') ? path : `${cwd}/${path}`);
    const base = `${matching.once(normalise, cwd)}/`.replace('//', '/');
    return (
      matches(whole, matching) ||
      (whole.startsWith(base) && matches(whole.slice(base.length), matching))
    );
  };
}

function globIn(pattern: string, refused: (problem: string) => InvalidInputError): Glob {
  return compiledOr(
    () => compileGlob(pattern, { anyFolder: true }),
    ({ message }) => {
      // A pattern with a blank is meant for a command line, and need not be a glob.
      if (/\s/.test(pattern)) return () => true;
      throw refused(message);
    },
  );
}

/** The path without `.`, `..` and doubled slashes. */
function normalise(path: string): string {
  const kept: string[] = [];
  for (const part of path.split('/')) {
    if (part === '..') kept.pop();
    else if (part !== '' && part !== '.') kept.push(part);
  }
  return `${path.startsWith('/') ? '/' : ''}${kept.join('/')}`;
}
