/**
 * Tries a new text of a hook set against kept evaluations, without running anything: for each, the
 * hooks that would run now are compared with those that were selected.
 */
import { setImmediate as nextTurn } from 'node:timers/promises';
import { Content } from '../protocol/content.ts';
import { type Comparison, compareHooks } from './compare-hooks.ts';
import type { ServerDeps } from './deps.ts';
import type { EvaluationSummary } from './evaluation-summary.ts';
import type { Explainer } from './explainer.ts';
import { FieldError } from './http-error.ts';
import { hashed } from './stored-hook-set.ts';
import type { HookDocument, KeptRequest, StoredEvaluation } from './stores.ts';

/** The most evaluations that are compared, and that are told in full. */
export const triedMost = 200;
const toldMost = 50;
/** Bounds of the work for one request. */
const pagesMost = 5;
const contextBytesMost = 16 << 20;
const timeMostMs = 5_000;

const note =
  'Compared is which hooks would run for an evaluation, in which order and with which settings. ' +
  'Nothing was run: what an added or changed script would say is not known. Evaluations whose ' +
  'context was not kept, and counters and switches of threads, are left out.';

interface TriedSet {
  readonly tenant: string;
  readonly name: string;
  readonly document: HookDocument;
  readonly limit: number;
}

export async function tryHooks(
  { evaluations }: Pick<ServerDeps, 'evaluations'>,
  explainer: Explainer,
  { tenant, name, document, limit }: TriedSet,
): Promise<object> {
  const endsAt = performance.now() + timeMostMs;
  const tally = new Tally();
  for await (const summary of summariesOf(evaluations, tenant, name)) {
    if (tally.compared >= limit || tally.bytes > contextBytesMost || performance.now() > endsAt)
      break;
    const stored = summary.kept ? await evaluations.get(tenant, summary.id) : undefined;
    const kept = stored?.kept;
    tally.add(
      summary,
      stored && kept && (await compare(explainer, stored, kept, document)),
      kept?.context.length,
    );
    await nextTurn();
  }
  return tally.answer();
}

class Tally {
  readonly #counts = { considered: 0, same: 0, change: 0, withoutContext: 0, unreadable: 0 };
  readonly #changes: object[] = [];
  /** Of the contexts that were read. */
  bytes = 0;

  get compared(): number {
    return this.#counts.considered + this.#counts.unreadable;
  }

  /** @param compared undefined: the context was not kept */
  add(
    evaluation: EvaluationSummary,
    compared: Comparison | 'unreadable' | undefined,
    bytes = 0,
  ): void {
    this.bytes += bytes;
    if (compared === undefined) this.#counts.withoutContext++;
    else if (compared === 'unreadable') this.#counts.unreadable++;
    else this.#count(evaluation, compared);
  }

  answer(): object {
    return { ...this.#counts, note, changes: this.#changes };
  }

  #count(evaluation: EvaluationSummary, { changes, mayChange }: Comparison): void {
    this.#counts.considered++;
    this.#counts[changes.length === 0 ? 'same' : 'change']++;
    if (changes.length === 0 || this.#changes.length === toldMost) return;
    const decision = mayChange ? 'may-change' : 'same';
    this.#changes.push({ evaluation, hooks: changes, decision });
  }
}

/** The evaluations of a set that are no replays, the newest first. */
async function* summariesOf(
  evaluations: ServerDeps['evaluations'],
  tenant: string,
  name: string,
): AsyncGenerator<EvaluationSummary> {
  let before: string | undefined;
  for (let page = 0; page < pagesMost; page++) {
    const found = await evaluations.list(tenant, { hookset: [name] }, { before, limit: triedMost });
    yield* found.evaluations.filter(({ replayOf }) => replayOf === undefined);
    if (found.next === undefined) return;
    before = found.next;
  }
}

/** `unreadable`: the new hooks cannot read the context, because they are of another agent. */
async function compare(
  explainer: Explainer,
  { record }: StoredEvaluation,
  { event, transcript, active, ...kept }: KeptRequest,
  document: HookDocument,
): Promise<Comparison | 'unreadable'> {
  const old = kept.documents.map(hashed);
  const input = {
    ...{ event, transcript, active },
    ...{ tenant: record.tenant, unchecked: false, deadlineMs: undefined },
    context: new Content(Buffer.from(kept.context)),
    startedAt: performance.now(),
  };
  const isTried = ({ scope, name }: HookDocument) =>
    scope === document.scope && name === document.name;
  const now = old.map((one) => (isTried(one) ? document : one));
  try {
    const before = await explainer.selected({ ...input, documents: old });
    const after = await explainer.selected({ ...input, documents: now });
    return compareHooks(before, after, record.decidedBy);
  } catch (error) {
    if (error instanceof FieldError) return 'unreadable';
    throw error;
  }
}
