/** Reads the hooks of an agent's own file according to the table of its format. */

import type { AgentFormat, KeyRule, KeyRules } from '../../agents/file-format.ts';
import type { ProjectFiles } from '../../bundling/project-files.ts';
import type { Dialect } from '../../protocol/dialect.ts';
import { eventRules } from '../../protocol/dialect-lookup.ts';
import { isJsonObject, type JsonObject } from '../../protocol/json.ts';
import { shown } from '../../protocol/shown.ts';
import { compileEntry, type EntryResult, type LoadedHook, readEventName } from '../hook-entry.ts';
import { countProblem } from '../hook-set.ts';
import { sameKey } from '../keys.ts';
import type { Path, Problem, SourceDocument } from '../source-document.ts';

export interface AgentPlace {
  readonly source: SourceDocument;
  readonly format: AgentFormat;
  readonly dialect: Dialect;
  /** Path of the mapping that holds the events. */
  readonly path: Path;
  readonly project: ProjectFiles | undefined;
}

interface EventPlace extends AgentPlace {
  readonly event: string;
}

/**
 * Collects an entry under hookpool's own keys, with the place in the file that sets each of them.
 */
export class Collected {
  readonly entry: Record<string, unknown> = Object.create(null);
  readonly problems: Problem[] = [];
  readonly #places = new Map<string, Path>();
  readonly #source: SourceDocument;
  readonly #path: Path;

  constructor(source: SourceDocument, path: Path) {
    this.#source = source;
    this.#path = path;
  }

  /**
   * Applies the rule of every key. A key without a rule is a problem, because it might matter.
   * @param passedOver key that is not read here.
   */
  take(path: Path, value: JsonObject, rules: KeyRules, passedOver?: string): void {
    for (const [key, item] of Object.entries(value)) {
      if (key === passedOver) continue;
      const rule = Object.hasOwn(rules, key) ? rules[key] : undefined;
      const at = [...path, key];
      if (rule === undefined) {
        const known = [
          ...(passedOver === undefined ? [] : [passedOver]),
          ...Object.keys(rules),
        ].join(', ');
        this.problems.push(
          this.#source.problem(at, `Unknown key "${shown(key)}". Known: ${known}.`, 'key'),
        );
        continue;
      }
      const { set = {}, problem } = rule(item, value);
      if (problem !== undefined) this.problems.push(this.#source.problem(at, problem));
      for (const [name, meaning] of Object.entries(set)) this.#put(name, meaning, at);
    }
  }

  readonly where = (key: string): Path => this.#places.get(key) ?? [...this.#path, key];

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
export function readAgentHooks(
  place: AgentPlace,
  value: JsonObject,
): { hooks: LoadedHook[]; problems: Problem[] } {
  const { source, format, dialect, path } = place;
  const tooMuch = countProblem(source, path, value);
  if (tooMuch !== undefined) return { hooks: [], problems: [tooMuch] };
  const results: EntryResult[] = [];
  for (const [key, list] of Object.entries(value)) {
    const at = [...path, key];
    if (Object.hasOwn(format.besideEvents, key)) {
      const beside = new Collected(source, path);
      beside.take(path, { [key]: list }, format.besideEvents);
      results.push(beside);
      continue;
    }
    const { event, problems } = readEventName(source, at, dialect, key);
    results.push({ problems });
    if (event === undefined) continue;
    if (Array.isArray(list)) results.push(...readList({ ...place, event, path: at }, list));
    else
      results.push({
        problems: [source.problem(at, `The hooks of ${shown(key)} must be a list.`)],
      });
  }
  const hooks = results.flatMap(({ loaded }) => (loaded === undefined ? [] : [loaded]));
  return { hooks, problems: results.flatMap(({ problems }) => problems) };
}

function readList(place: EventPlace, list: readonly unknown[]): EntryResult[] {
  const { format, dialect, event, source } = place;
  const isGrouped = format.isGrouped(eventRules(dialect, event));
  let count = 0;
  return list.flatMap((item, index) => {
    const path = [...place.path, index];
    if (!isGrouped) return [readHook({ ...place, path }, item, count++)];
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
    const group = new Collected(source, path);
    group.take(path, item, format.groupKeys, 'hooks');
    const read = hooks.map((hook, at) =>
      readHook({ ...place, path: [...path, 'hooks', at] }, hook, count++, [path, item]),
    );
    return [{ problems: group.problems }, ...read];
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
  const { problem } = (format.hookKeys['type'] as KeyRule)(value['type'] ?? 'command', value);
  if (problem !== undefined) return { problems: [source.problem([...path, 'type'], problem)] };
  const collected = new Collected(source, path);
  if (group !== undefined) collected.take(...group, format.groupKeys, 'hooks');
  collected.take(path, value, format.hookKeys);
  const { entry, where, problems } = collected;
  return compileEntry(
    { ...place, defaultName: `${event}[${index}]`, tier: 'agent' },
    { entry, where, problems },
  );
}
