/**
 * Conditions on a tool's input, tested before anything starts: `Bash(git push *)`,
 * `Write(src/**\/*.ts)`. Where the result is uncertain, the hook runs.
 */
import { InvalidInputError } from '../../errors.ts';
import { isJsonObject } from '../json.ts';
import { compileCommandRule } from './command-rule.ts';
import { compilePathRule } from './path-rule.ts';
import { Matching, maxSubjectLength } from './patterns/matching.ts';
import { type PatternProblem, quotePattern } from './patterns/problem.ts';
import { compileWildcard } from './patterns/wildcard.ts';
import { compileToolTest, searches } from './rule-tools.ts';

export interface ToolCall {
  readonly toolName: string;
  /** Other names of the tool in the dialect. */
  readonly aliases?: readonly string[] | undefined;
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
/** Tools whose lines are no lines of a Unix shell; what they run is not known. */
const otherShell = /^(?:powershell|pwsh|cmd)/i;
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
  const [, tool, inner] = shape.exec(text.trim()) ?? [];
  // As in gitignore, a blank at the end counts only behind a backslash.
  const pattern = inner?.trimStart().replace(/(?<![\\\s])\s+$/, '');
  if (tool === undefined) throw refused('must be Tool or Tool(pattern)');
  const isToolName = compileToolTest(tool);
  const isTool = ({ toolName, aliases = [] }: ToolCall, matching: Matching) =>
    isToolName(toolName, matching) || aliases.some((name) => isToolName(name, matching));
  if (pattern === undefined || pattern === '' || pattern === '*')
    return (call, matching = new Matching()) => isTool(call, matching);
  const matchesInput = compileInputTest(pattern, ({ message }) => {
    throw refused(message);
  });
  return (call, matching = new Matching()) =>
    isTool(call, matching) && matchesInput(call, matching);
}

function compileInputTest(
  pattern: string,
  refuse: (problem: PatternProblem) => never,
): (call: ToolCall, matching: Matching) => boolean {
  const matchesLine = compileCommandRule(pattern);
  const matchesPath = compilePathRule(pattern, refuse) ?? (() => true);
  const matchesMember = compileMemberRule(pattern);
  return ({ toolName, toolInput, cwd }, matching) => {
    const given = matching.once(testedMembers, toolInput);
    if (given === undefined) return matching.cannotTell();
    // It is unknown which of the values the tool uses: one match is enough, and a value that is not
    // a string counts as one.
    const isMatch = ({ value, isCommand }: Tested) =>
      typeof value !== 'string' ||
      (isCommand
        ? otherShell.test(toolName) || matchesLine(value, matching)
        : searches.has(toolName) || matchesPath(value, cwd, matching));
    return given.length === 0 || given.some(isMatch) || matchesMember(toolInput, matching);
  };
}

type MemberRule = (toolInput: unknown, matching: Matching) => boolean;

/** `model:opus` is compared with the input's member of this name, if that is a text or a number. */
function compileMemberRule(pattern: string): MemberRule {
  const [, name, value = ''] = /^\s*(\w+)\s*:\s*(.*?)\s*$/s.exec(pattern) ?? [];
  if (name === undefined) return () => false;
  const matches = compileWildcard(value);
  return (toolInput, matching) => {
    if (!isJsonObject(toolInput) || !Object.hasOwn(toolInput, name)) return false;
    const given = toolInput[name];
    if (typeof given === 'object') return false;
    const text = String(given);
    return text.length > maxSubjectLength ? matching.cannotTell() : matches(text);
  };
}

export interface Tested {
  readonly key: string;
  readonly value: unknown;
  readonly isCommand: boolean;
}

/**
 * The members that patterns are tested on; undefined where there are too many to look at or to
 * test.
 */
export function testedMembers(toolInput: unknown): Tested[] | undefined {
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
  return isCommand || pathKey.test(name) ? [{ key, value, isCommand }] : [];
}
