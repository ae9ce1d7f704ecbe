/** The corpus in parts: one for a machine that does nothing else, and others that run side by side. */
import type { Entry } from './entry.ts';

/** Each has a process and sandboxes of its own, so that what is seen of one is not of another. */
export const sharedParts = [1, 2, 3, 4] as const;

/** What an entry asks for that is a time, or that another attack would change. */
const timed: ReadonlySet<string> = new Set([
  'event_loop_p99_lt_100ms',
  'host_spawn_p99_lt_200ms',
  'neighbour_p95_le_3x',
  'redis_ping_p99_lt_20ms',
  'wipe_ms_lt_250',
]);

/** Entries that compare times or take all that they get of the machine, with the controls. */
export function quietPart(entries: readonly Entry[]): Entry[] {
  const quiet = quietGroups(entries);
  return entries.filter((entry) => isControl(entry) || quiet.has(groupOf(entry)));
}

/** The share of one part of all other entries, with the controls. A pair is never divided. */
export function sharedPart(entries: readonly Entry[], part: (typeof sharedParts)[number]): Entry[] {
  const quiet = quietGroups(entries);
  const groups = [...new Set(entries.filter((entry) => !isControl(entry)).map(groupOf))].filter(
    (group) => !quiet.has(group),
  );
  const mine = new Set(groups.filter((_, index) => index % sharedParts.length === part - 1));
  return entries.filter((entry) => isControl(entry) || mine.has(groupOf(entry)));
}

function quietGroups(entries: readonly Entry[]): ReadonlySet<string> {
  return new Set(entries.filter(needsQuiet).map(groupOf));
}

function needsQuiet({ class: kind, expect }: Entry): boolean {
  return (
    kind === 'resource' ||
    expect.max_wall_s !== undefined ||
    expect.host?.some((name) => timed.has(name)) === true
  );
}

function isControl({ class: kind }: Entry): boolean {
  return kind === 'control';
}

function groupOf({ id, pair }: Entry): string {
  return pair?.group ?? id;
}
