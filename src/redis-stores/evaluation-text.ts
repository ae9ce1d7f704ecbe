/**
 * Evaluations as they are stored in Redis: JSON. The parser checks every field that its callers
 * rely on.
 */
import { decisionKinds } from '../protocol/decision.ts';
import { isJsonObject } from '../protocol/json.ts';
import type { StoredEvaluation } from '../server/stores.ts';

/** @returns undefined for text that cannot be parsed, or is another evaluation. */
export function parseEvaluation(
  text: string,
  tenant: string,
  id: string,
): StoredEvaluation | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isEvaluation(value) && value.record.tenant === tenant && value.record.id === id
      ? value
      : undefined;
  } catch {
    return undefined;
  }
}

function isEvaluation(value: unknown): value is StoredEvaluation {
  if (!isJsonObject(value)) return false;
  const { record, decision, requestSha256, kept } = value;
  if (!isJsonObject(record) || !isJsonObject(decision) || typeof requestSha256 !== 'string')
    return false;
  return (
    isDecisionKind(decision['decision']) &&
    areObjects(decision['results']) &&
    (kept === undefined || isKept(kept))
  );
}

function isKept(kept: unknown): boolean {
  if (!isJsonObject(kept)) return false;
  const { documents, context, active } = kept;
  const isText = (document: Readonly<Record<string, unknown>>) =>
    typeof document['text'] === 'string';
  return (
    areObjects(documents) &&
    documents.every(isText) &&
    typeof context === 'string' &&
    Array.isArray(active)
  );
}

function isDecisionKind(kind: unknown): boolean {
  return (decisionKinds as readonly unknown[]).includes(kind);
}

function areObjects(value: unknown): value is Readonly<Record<string, unknown>>[] {
  return Array.isArray(value) && value.every(isJsonObject);
}
