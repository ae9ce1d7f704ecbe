/** What conditions see of a tool's input, for people: no decision depends on it. */
import { isJsonObject } from '../json.ts';
import { type ToolCall, testedMembers } from './condition.ts';
import { splitShell } from './shell-line.ts';

/** The most characters of a text, and the most commands of a line, that are shown. */
const maxSeenLength = 200;
const maxSeenCommands = 20;

export interface SeenInput {
  /** The name in the tool's input. */
  readonly member: string;
  /** At most 200 characters. */
  readonly value: string;
  readonly as: 'command' | 'path';
  /** The commands of a line of shell, at most 20. */
  readonly commands?: readonly string[];
  /** False for a line that may do anything: every condition on it holds. */
  readonly understood?: boolean;
}

/** The members of a tool's input that conditions are tested on, as they are read. */
export function seenInput({ toolInput }: Pick<ToolCall, 'toolInput'>): SeenInput[] {
  return (testedMembers(toolInput) ?? []).flatMap(({ key, value, isCommand }): SeenInput[] => {
    if (typeof value !== 'string') return [];
    const member = cut(key);
    if (!isCommand) return [{ member, value: cut(value), as: 'path' }];
    const line = splitShell(value);
    const commands = (line?.commands ?? []).slice(0, maxSeenCommands).map(cut);
    return [{ member, value: cut(value), as: 'command', commands, understood: line !== undefined }];
  });
}

/**
 * What a tool is used on, in one line of at most 200 characters: its command or path, else the first
 * text of its input.
 */
export function subjectOf({ toolInput }: Pick<ToolCall, 'toolInput'>): string | undefined {
  if (typeof toolInput === 'string') return inLine(toolInput);
  if (!isJsonObject(toolInput)) return undefined;
  const tested = (testedMembers(toolInput) ?? []).map(({ value }) => value);
  const isText = (value: unknown): value is string => typeof value === 'string' && value !== '';
  const text = tested.find(isText) ?? Object.values(toolInput).find(isText);
  return text === undefined ? undefined : inLine(text);
}

function inLine(text: string): string {
  return cut(
    text
      .slice(0, 2 * maxSeenLength)
      .replace(/[\p{Cc}\p{Zl}\p{Zp}\s]+/gu, ' ')
      .trim(),
  );
}

/** Cuts between characters, and marks that it has cut. */
function cut(text: string): string {
  if (text.length <= maxSeenLength) return text;
  return `${text.slice(0, maxSeenLength - 1).replace(/[\uD800-\uDBFF]$/, '')}…`;
}
