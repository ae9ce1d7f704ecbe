/**
 * Conditions on a tool's input, looked at before anything starts: `Bash(git push *)`,
 * `Write(src/**\/*.ts)`. Where it cannot be told whether one holds, the hook runs.
 */
import picomatch from 'picomatch';
import { InvalidInputError } from '../errors.ts';
import { ownProperty } from './json.ts';
import { splitShell } from './shell-line.ts';

export interface ToolCall {
  readonly toolName: string;
  readonly toolInput: unknown;
  /** Relative patterns start here. */
  readonly cwd: string | undefined;
}

export type Condition = (call: ToolCall) => boolean;

const shape = /^([A-Za-z0-9_.*-]+)(?:\((.*)\))?$/s;
const pathKeys = ['file_path', 'filePath', 'notebook_path', 'path', 'filename'];

/** @throws InvalidInputError `INVALID_HOOKS` when it is not `Tool` or `Tool(pattern)`. */
export function compileCondition(text: string): Condition {
  const [, tool, pattern] = shape.exec(text.trim()) ?? [];
  if (tool === undefined) {
    throw new InvalidInputError('INVALID_HOOKS', `The condition ${JSON.stringify(text)} must be Tool or Tool(pattern).`);
  }
  const isTool = wildcard(tool);
  if (pattern === undefined || pattern === '' || pattern === '*') return ({ toolName }) => isTool.test(toolName);
  const matchesLine = shellMatcher(pattern);
  const matchesPath = pathMatcher(pattern);
  return ({ toolName, toolInput, cwd }) => {
    if (!isTool.test(toolName)) return false;
    const command = ownProperty(toolInput, 'command');
    if (typeof command === 'string') return matchesLine(command);
    const path = pathKeys.map((key) => ownProperty(toolInput, key)).find((value) => typeof value === 'string');
    return typeof path === 'string' ? matchesPath(path, cwd) : true;
  };
}

/** `*` is any text, blanks and slashes too. */
function wildcard(pattern: string): RegExp {
  const parts = pattern.split('*').map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${parts.join('.*')}$`, 's');
}

function shellMatcher(pattern: string): (line: string) => boolean {
  // `git:*` is an older way to write `git *`, and `git *` is also git alone.
  const spelt = pattern.replace(/:\*$/, ' *');
  const nameOnly = /^[^\s*]+ \*$/.test(spelt) || !/\s/.test(spelt);
  const whole = wildcard(spelt);
  const alone = spelt.endsWith(' *') ? wildcard(spelt.slice(0, -2)) : whole;
  return (line) => {
    const split = splitShell(line);
    if (split === undefined || (split.expands && !nameOnly)) return true;
    return split.commands.some((command) => whole.test(command) || alone.test(command));
  };
}

function pathMatcher(pattern: string): (path: string, cwd: string | undefined) => boolean {
  const anchored = pattern.replace(/^\/\//, '/').replace(/^\.\//, '');
  const matches = picomatch(anchored, { dot: true, basename: !anchored.includes('/') });
  return (path, cwd) => {
    // Without a place to start from, a relative path or pattern says nothing about the other.
    if (cwd === undefined) return path.startsWith('/') === anchored.startsWith('/') ? matches(normalise(path)) : true;
    const whole = normalise(path.startsWith('/') ? path : `${cwd}/${path}`);
    const base = `${normalise(cwd)}/`.replace('//', '/');
    return matches(whole) || (whole.startsWith(base) && matches(whole.slice(base.length)));
  };
}

/** Without `.`, `..` and doubled slashes. */
function normalise(path: string): string {
  const kept: string[] = [];
  for (const part of path.split('/')) {
    if (part === '..') kept.pop();
    else if (part !== '' && part !== '.') kept.push(part);
  }
  return `${path.startsWith('/') ? '/' : ''}${kept.join('/')}`;
}
