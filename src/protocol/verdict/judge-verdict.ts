/**
 * Reads the verdict in a judge's answer: the whole text is one object with known members, or there
 * is no verdict. A judge may quote what it judges, so nothing is searched for in prose.
 */
import { type DecisionKind, strictest } from '../decision.ts';
import { isJsonObject, type JsonObject } from '../json.ts';
import { parseBounded } from './output-json.ts';

/** The schema that judges are asked to keep: the smallest that every provider takes. */
export const verdictSchema = {
  type: 'object',
  // The reason stands first, so that a model argues before it decides.
  properties: { reason: { type: 'string' }, ok: { type: 'boolean' } },
  required: ['reason', 'ok'],
  additionalProperties: false,
} as const;

export interface Verdict {
  readonly decision: DecisionKind;
  readonly reason: string | undefined;
  /** The judge says that what the hook demands cannot be done. */
  readonly isImpossible: boolean;
}

type Meanings = ReadonlyMap<unknown, DecisionKind>;

const yesOrNo: Meanings = new Map([
  [true, 'none'],
  [false, 'block'],
]);
const words: Meanings = new Map([
  ['approve', 'none'],
  ['allow', 'none'],
  ['block', 'block'],
  ['deny', 'block'],
  ['ask', 'ask'],
]);
const permissions: Meanings = new Map([...words, ['allow', 'allow']]);

const keys = ['ok', 'decision', 'reason', 'impossible', 'hookSpecificOutput'];
const innerKeys = [
  'hookEventName',
  'permissionDecision',
  'permissionDecisionReason',
  'permissionReason',
];

/**
 * @param isFenced whether one pair of code fences may stand around the object: of judges that cannot
 * be held to JSON.
 * @returns the verdict, or why there is none.
 */
export function readVerdict(
  text: string,
  isFenced: boolean,
): { readonly verdict?: Verdict; readonly problem?: string } {
  const whole = isFenced ? withoutFences(text) : text;
  const root = parseBounded(whole.trim());
  if (!isJsonObject(root))
    return { problem: 'it is not one JSON object, without anything around it' };
  const inner = root['hookSpecificOutput'] ?? {};
  if (!isJsonObject(inner)) return { problem: 'its hookSpecificOutput is no object' };
  const unknown =
    Object.keys(root).find((key) => !keys.includes(key)) ??
    Object.keys(inner).find((key) => !innerKeys.includes(key));
  if (unknown !== undefined) return { problem: 'it has a member that no verdict has' };
  const reasons = [root['reason'], inner['permissionDecisionReason'], inner['permissionReason']];
  const given = reasons.filter((one) => one !== undefined && one !== null);
  const { impossible = false } = root;
  if (!given.every((one) => typeof one === 'string') || typeof impossible !== 'boolean')
    return { problem: 'a member of it has the wrong type' };
  const decisions = decisionsIn(root, inner);
  if (decisions === undefined) return { problem: 'its verdict is neither yes nor no' };
  const reason = given.find((one) => one.trim() !== '');
  return { verdict: { decision: strictest(decisions), reason, isImpossible: impossible } };
}

/** @returns undefined where there is none, or one that is no known word. */
function decisionsIn(root: JsonObject, inner: JsonObject): DecisionKind[] | undefined {
  const { ok, decision } = root;
  const { permissionDecision: permission } = inner;
  const said = [
    [ok, yesOrNo],
    [decision, words],
    [permission, permissions],
  ] as const;
  const written = said.filter(([word]) => word !== undefined);
  const known = written.flatMap(([word, meanings]) => meanings.get(word) ?? []);
  return known.length === 0 || known.length < written.length ? undefined : known;
}

function withoutFences(text: string): string {
  const whole = text.trim();
  const start = whole.indexOf('\n');
  const opens = whole.slice(0, start).trimEnd();
  if ((opens !== '```' && opens !== '```json') || !whole.endsWith('\n```')) return text;
  return whole.slice(start + 1, -3);
}
