/** Reads the hooks of an agent's own file according to the table of its format. */

import type { AgentFormat, KeyRule, KeyRules } from '../../agents/file-format.ts';
import type { ProjectFiles } from '../../bundling/project-files.ts';
import type { Dialect, FailMode } from '../../protocol/dialect.ts';
import { eventRules } from '../../protocol/dialect-lookup.ts';
import { isJsonObject, type JsonObject } from '../../protocol/json.ts';
import type { ProfileContents } from '../../protocol/profile.ts';
import { shown } from '../../protocol/shown.ts';
import { compileEntry } from '../compile-entry.ts';
import { readEventName } from '../hook-entry.ts';
import { countProblem, type ReadHooks } from '../hook-set.ts';
import { ourName, ourValue, sameKey } from '../keys.ts';
import type { EntryResult } from '../loaded-hook.ts';
import type { Path, Problem, SourceDocument } from '../source-document.ts';
import { isOwnKey } from './whose-file.ts';

export interface AgentPlace {
  readonly source: SourceDocument;
  readonly format: AgentFormat;
  readonly dialect: Dialect;
  /** Path of the mapping that holds the events. */
  readonly path: Path;
  readonly project: ProjectFiles | undefined;
  /** The failMode of hooks that say none. */
  readonly failMode?: FailMode | undefined;
  readonly profiles?: readonly ProfileContents[] | undefined;
  /** Names, or commands, of hooks that the file itself switches off. */
  readonly disabled: readonly string[];
}

interface EventPlace extends AgentPlace {
  readonly event: string;
}

/**
 * Keys of hookpool that a hook of an agent's own file may have: the agent ignores them, and whoever
 * sends the file to hookpool adds them.
 */
const addedKeys: ReadonlySet<string> = new Set([
  'failMode',
  'ignoreToolErrors',
  'strictOutput',
  'maxRejections',
  'profile',
  'shadow',
  'state',
]);

/**
 * Collects an entry under hookpool's own keys, with the place in the file that sets each of them.
 */
export class Collected {
  readonly entry: Record<string, unknown> = Object.create(null);
  readonly problems: Problem[] = [];
  readonly warnings: Problem[] = [];
  readonly #places = new Map<string, Path>();
  readonly #source: SourceDocument;
  readonly #format: AgentFormat;
  readonly #path: Path;

  constructor({ source, format, path }: Pick<AgentPlace, 'source' | 'format' | 'path'>) {
    this.#source = source;
    this.#format = format;
    this.#path = path;
  }

  /**
   * Applies the rule of every key.
   * @param passedOver key that is not read here.
   */
  take(path: Path, value: JsonObject, rules: KeyRules, passedOver?: string): void {
    for (const [key, item] of Object.entries(value)) {
      if (key === passedOver) continue;
      const rule = Object.hasOwn(rules, key) ? rules[key] : undefined;
      const at = [...path, key];
      if (rule === undefined) {
        this.#unknown(at, item, rules, passedOver);
        continue;
      }
      const { set = {}, problem, warning } = rule(item, value);
      if (problem !== undefined) this.problems.push(this.#source.problem(at, problem));
      if (warning !== undefined) this.warnings.push(this.#source.problem(at, warning));
      for (const [name, meaning] of Object.entries(set)) this.#put(name, meaning, at);
    }
  }

  readonly where = (key: string): Path => this.#places.get(key) ?? [...this.#path, key];

  /**
   * A key that the agent ignores is ignored here too, with a warning. Any other key of hookpool's
   * own files is a problem: its author expects it to work.
   */
  #unknown(at: Path, value: unknown, rules: KeyRules, passedOver: string | undefined): void {
    const { about, refusesUnknownKeys, hookKeys, failModes } = this.#format;
    const key = String(at.at(-1));
    const name = ourName(key);
    const tell = (text: string) => this.#source.problem(at, text, 'key');
    const rest = `Known: ${[passedOver ?? [], Object.keys(rules)].flat().join(', ')}.`;
    if (refusesUnknownKeys !== true && rules === hookKeys && addedKeys.has(name))
      this.#put(
        name,
        failModes?.[String(name === 'failMode' && value)] ?? ourValue(name, value),
        at,
      );
    else if (refusesUnknownKeys === true || isOwnKey(key))
      this.problems.push(tell(`Unknown key "${shown(key)}". ${rest}`));
    else if (key === 'enabled' && value === false)
      this.warnings.push(tell(`${about} ignores enabled, so this hook runs: take it out instead.`));
    else this.warnings.push(tell(`${about} ignores the key "${shown(key)}". ${rest}`));
  }

  #put(name: string, value: unknown, at: Path): void {
    const before = this.#places.get(name);
    if (before !== undefined) {
      this.problems.push(
        this.#source.problem(at, sameKey(String(at.at(-1)), String(before.at(-1))), 'key'),
      );
    }
    this.#places.set(name, at);
    this.entry[name] = value;
  }
}

/** Reads `{Event: [...]}`. */
export function readAgentHooks(place: AgentPlace, value: JsonObject): ReadHooks {
  const { source, format, dialect, path } = place;
  const tooMuch = countProblem(source, path, value);
  if (tooMuch !== undefined) return { hooks: [], problems: [tooMuch] };
  const results: EntryResult[] = [];
  const unknown: Problem[] = [];
  for (const [key, list] of Object.entries(value)) {
    const at = [...path, key];
    if (Object.hasOwn(format.besideEvents, key)) {
      const beside = new Collected(place);
      beside.take(path, { [key]: list }, format.besideEvents);
      results.push(beside);
      continue;
    }
    const { event, problems } = readEventName(source, at, dialect, key);
    unknown.push(...problems);
    if (event === undefined) continue;
    if (Array.isArray(list)) results.push(...readList({ ...place, event, path: at }, list));
    else
      results.push({
        problems: [source.problem(at, `The hooks of ${shown(key)} must be a list.`)],
      });
  }
  const isStranger = results.length === 0 && unknown.length > 0;
  const all = isStranger
    ? [{ problems: unknown }]
    : [...results, { warnings: unknown.map(leftOut) }];
  return {
    hooks: results.flatMap(({ loaded }) => (loaded === undefined ? [] : [loaded])),
    problems: all.flatMap(({ problems = [] }: Partial<EntryResult>) => problems),
    warnings: all.flatMap(({ warnings = [] }: Partial<EntryResult>) => warnings),
  };
}

/** The agent leaves the hooks of an event that it does not know out as well. */
function leftOut(problem: Problem): Problem {
  return { ...problem, message: `${problem.message} Its hooks are left out.` };
}

function readList(place: EventPlace, list: readonly unknown[]): EntryResult[] {
  const { format, dialect, event, source } = place;
  const rules = eventRules(dialect, event);
  let count = 0;
  return list.flatMap((item, index) => {
    const path = [...place.path, index];
    if (!format.isGrouped(rules, item)) return [readHook({ ...place, path }, item, count++)];
    const hooks = isJsonObject(item) ? item['hooks'] : undefined;
    if (!isJsonObject(item) || !Array.isArray(hooks)) {
      return [
        {
          problems: [
            source.problem(
              path,
              `Every item of ${event} must be a mapping with "hooks": a list of hooks.`,
            ),
          ],
        },
      ];
    }
    const group = new Collected({ ...place, path });
    group.take(path, item, format.groupKeys, 'hooks');
    const read = hooks.map((hook, at) =>
      readHook({ ...place, path: [...path, 'hooks', at] }, hook, count++, [path, item]),
    );
    // The problems of a group are problems of each of its hooks.
    return hooks.length === 0 ? [{ problems: [], warnings: group.problems }] : read;
  });
}

function readHook(
  place: EventPlace,
  value: unknown,
  index: number,
  group?: readonly [Path, JsonObject],
): EntryResult {
  const { source, path, format, event } = place;
  if (!isJsonObject(value))
    return { problems: [source.problem(path, 'A hook must be a mapping.')] };
  if ('hooks' in value)
    return {
      problems: [
        source.problem([...path, 'hooks'], `${event} takes its hooks without groups.`, 'key'),
      ],
    };
  const { disabled } = place;
  if (disabled.some((one) => one === (value['name'] ?? value['command'])))
    return {
      problems: [],
      warnings: [source.problem(path, 'The file switches this hook off: it is left out.')],
    };
  const { problem } = (format.hookKeys['type'] as KeyRule)(value['type'] ?? 'command', value);
  const collected = new Collected(place);
  if (group !== undefined) collected.take(...group, format.groupKeys, 'hooks');
  // The keys of a group are told once, at its first hook.
  if (path.at(-1) !== 0) collected.warnings.length = 0;
  const ofGroup = [...collected.warnings];
  collected.take(path, value, format.hookKeys);
  const { entry, where } = collected;
  const problems =
    problem === undefined ? collected.problems : [source.problem([...path, 'type'], problem)];
  const own = { entry, where, problems, written: value, warnings: collected.warnings };
  return compileEntry(
    { ...place, defaultName: `${event}[${index}]`, tier: 'agent', isAgentFile: true },
    // A type that is not read has keys of its own: that the agent ignores them would be false.
    problem === undefined ? own : { ...own, warnings: ofGroup, foreignType: typeIn(value) },
  );
}

function typeIn({ type }: JsonObject): string {
  return typeof type === 'string' ? shown(type) : typeof type;
}
