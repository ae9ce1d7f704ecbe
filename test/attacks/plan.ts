/** From entries to the order in which they run: controls first, in between, and last. */
import type { BuiltIn } from '../../src/sandbox/image.ts';
import { type Attempt, attemptsOf, type Entry } from './entry.ts';

/** What is run and judged in one go: one attempt, or a pair of plant and check. */
export interface Step {
  readonly title: string;
  readonly attempts: readonly Attempt[];
  readonly mode: 'single' | 'sequential' | 'concurrent';
  readonly skip?: string;
}

/**
 * A sandbox in which nothing works holds every attack: ordinary scripts have to work all the time.
 */
const stepsPerControl = 10;
const canaryId = 'canary-clean-state-py';
const blockingId = 'ctl-block-exit2';

export interface PlanOptions {
  /** Ids of entries; without one all are planned. A pair is planned whole. */
  readonly only?: readonly string[] | undefined;
  /** OCI runtime; entries that are for others are skipped. */
  readonly runtime?: string | undefined;
  /** Only entries for this interpreter. */
  readonly interpreter?: string | undefined;
  /** Built-in profile; entries whose interpreter its image lacks are skipped. */
  readonly profile?: BuiltIn | undefined;
}

export function plan(
  entries: readonly Entry[],
  { only = [], runtime = 'runc', profile = 'small', interpreter }: PlanOptions = {},
): Step[] {
  const wanted = new Set(only);
  const whyNot = (group: readonly Entry[]) => whySkipped(group, runtime, profile);
  const steps = stepsOf(entries, whyNot).filter(
    (step) => wanted.size === 0 || step.attempts.some(({ entry }) => wanted.has(entry.id)),
  );
  const controls = steps.filter(isControl);
  const attacks = steps.filter(
    (step) =>
      !isControl(step) &&
      (interpreter === undefined ||
        step.attempts.some(({ entry }) => entry.interpreter === interpreter)),
  );
  const order = [...controls];
  for (const [index, step] of attacks.entries()) {
    order.push(step);
    const control = controls[((index + 1) / stepsPerControl) % controls.length];
    if (control !== undefined && attacks.length > stepsPerControl) order.push(again(control, step));
  }
  return attacks.length === 0 ? order : [...order, ...controls.map((control) => again(control))];
}

export interface Followers {
  /** Runs after every other entry and looks for what that one left. */
  readonly canary: Attempt;
  /** An ordinary hook that blocks, after entries with `next_control_block_ok`. */
  readonly blocking: Attempt;
}

export function followersOf(entries: readonly Entry[]): Followers {
  return { canary: attemptOf(entries, canaryId), blocking: attemptOf(entries, blockingId) };
}

function attemptOf(entries: readonly Entry[], id: string): Attempt {
  const entry = entries.find((one) => one.id === id);
  const [attempt] = entry === undefined ? [] : attemptsOf(entry);
  if (attempt === undefined) throw new Error(`The corpus has no ${id}.`);
  return attempt;
}

type WhyNot = (group: readonly Entry[]) => string | undefined;

function stepsOf(entries: readonly Entry[], whyNot: WhyNot): Step[] {
  const groups = new Map<string, Entry[]>();
  for (const entry of entries) {
    const key = entry.pair?.group ?? entry.id;
    groups.set(key, [...(groups.get(key) ?? []), entry]);
  }
  return [...groups.values()].flatMap((group) => stepsOfGroup(group, whyNot));
}

function whySkipped(group: readonly Entry[], runtime: string, profile: string): string | undefined {
  const foreign = group.find(({ runtimes }) => !runtimes.includes(runtime));
  if (foreign !== undefined) return `for ${foreign.runtimes.join(', ')} only`;
  const hasAll = profile === 'full' || group.every(({ interpreter }) => interpreter !== 'node');
  return hasAll ? undefined : 'for the profile full only';
}

function stepsOfGroup(group: readonly Entry[], whyNot: WhyNot): Step[] {
  const why = whyNot(group);
  const skip = why === undefined ? {} : { skip: why };
  const [first] = group;
  if (first?.pair === undefined) {
    if (group.length !== 1) throw new Error(`${first?.id} is there ${group.length} times.`);
    return group
      .flatMap(attemptsOf)
      .map((attempt) => ({ title: attempt.title, attempts: [attempt], mode: 'single', ...skip }));
  }
  const attempts = (['plant', 'check'] as const).flatMap((role) =>
    group.filter(({ pair }) => pair?.role === role).flatMap(attemptsOf),
  );
  if (attempts.length !== 2) throw new Error(`${first.pair.group} is not one plant and one check.`);
  const mode = first.pair.mode.startsWith('concurrent') ? 'concurrent' : 'sequential';
  return [{ title: attempts.map(({ title }) => title).join(' + '), attempts, mode, ...skip }];
}

function isControl(step: Step): boolean {
  return step.attempts.every(({ entry }) => entry.class === 'control');
}

function again(step: Step, after?: Step): Step {
  return {
    ...step,
    title: `${step.title} again, ${after === undefined ? 'last' : `after ${after.title}`}`,
  };
}
