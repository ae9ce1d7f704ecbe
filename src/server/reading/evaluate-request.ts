/**
 * The body of POST /v1/evaluate as the evaluator needs it: plain data, which a worker thread can
 * send.
 */
import { Content } from '../../protocol/content.ts';
import { type Body, type RawBody, type ReadBody, readJson } from '../body.ts';
import { HttpError } from '../http-error.ts';
import { type EvaluateBody, evaluateBody } from '../request-schemas.ts';
import type { HookDocument } from '../stores.ts';
import { type ContextAnswer, readContextRequest } from './context-request.ts';

type LargeMember = 'context' | 'hooks' | 'document' | 'files' | 'transcript';

export interface EvaluateRequest {
  readonly fields: Omit<EvaluateBody, LargeMember>;
  /** The bytes as they were sent: the text of the member, or the text that the string holds. */
  readonly context: Uint8Array;
  /**
   * Hash of the context for the record of the evaluation. It takes 5 ms for 8 MiB, so the thread
   * that reads the context computes it.
   */
  readonly contextSha256: string;
  /** Absent where the request names a stored set. */
  readonly document: Omit<HookDocument, 'sha256'> | undefined;
  readonly transcript: string | undefined;
  /** The context as it was read in the guessed dialect; absent without a guess, or with an error. */
  readonly early?: { readonly dialect: string; readonly answer: ContextAnswer } | undefined;
}

/** What a worker thread gets. */
export interface EvaluateBodyRequest {
  readonly body: RawBody;
  readonly guess: string | undefined;
}

/**
 * @param guess the dialect that the hooks probably have, where the request names none.
 * @throws HttpError 400 or 415 with the pointer to the first field that cannot be used
 */
export function readEvaluateRequest(body: Body, guess?: string): EvaluateRequest {
  const read = readJson(evaluateBody, body, 'context');
  const { context: _, hooks: __, document: ___, files: ____, transcript, ...fields } = read.value;
  const { bytes, sha256 } = new Content(contextBytes(read));
  const dialect = fields.dialect ?? guess;
  const isEarly = guess !== undefined && transcript === undefined;
  return {
    early: isEarly ? early(String(dialect), bytes, read) : undefined,
    fields,
    context: bytes,
    contextSha256: sha256,
    document: fields.hookset === undefined ? inlineDocument(read) : undefined,
    transcript: transcript === undefined ? undefined : wellFormed(transcript, '/transcript'),
  };
}

/** Reads the context from the text of the body, which is decoded already. */
function early(
  dialect: string,
  bytes: Uint8Array,
  { value, rawMember }: ReadBody<EvaluateBody>,
): EvaluateRequest['early'] {
  const { context, event } = value;
  const text = typeof context === 'string' ? undefined : rawMember('context');
  try {
    return { dialect, answer: readContextRequest({ dialect, input: { bytes, text, event } }) };
  } catch {
    // Read again when the dialect is certain, for an error that is told in its turn.
    return undefined;
  }
}

/**
 * The document of the request. `hooks` become a hooks file, so that the same code reads both; its
 * keys keep their pointers in the body.
 */
function inlineDocument({
  value,
  rawMember,
}: ReadBody<EvaluateBody>): Omit<HookDocument, 'sha256'> {
  const { hooks, document, dialect, agent } = value;
  const scope = 'named';
  const files = value.files === undefined ? undefined : String(rawMember('files'));
  if (document !== undefined) {
    const pointer = '/document';
    const known = { name: 'document', scope, hint: { dialect, agent } } as const;
    if (typeof document !== 'string') {
      const text = withFiles(String(rawMember('document')), files);
      return { ...known, text, place: { pointer, fields: pointer } };
    }
    const text = wellFormed(document, pointer);
    if (files === undefined) return { ...known, text, place: { pointer } };
    return { ...known, text: textWithFiles(text, files), place: { pointer, fields: '' } };
  }
  if (hooks === undefined) {
    throw new HttpError(400, 'INVALID_REQUEST', 'Send hooks, a document or a hookset.');
  }
  const written = `{"dialect":${JSON.stringify(dialect ?? 'azure')},"hooks":${rawMember('hooks')}}`;
  return {
    name: 'hooks',
    scope,
    text: withFiles(written, files),
    place: { pointer: '/hooks', fields: '' },
  };
}

/** A document in text form with its files, under the names that both have in the body. */
function textWithFiles(document: string, files: string): string {
  return `{"document":${JSON.stringify(document)},"files":${files}}`;
}

/** Adds `files` as the first member of a JSON object. */
function withFiles(object: string, files: string | undefined): string {
  if (files === undefined) return object;
  const members = object.trim().slice(1);
  return `{"files":${files}${/^\s*}/.test(members) ? '' : ','}${members}`;
}

function contextBytes({ value, rawMember }: ReadBody<EvaluateBody>): Uint8Array {
  const { context } = value;
  const text = typeof context === 'string' ? wellFormed(context, '/context') : rawMember('context');
  return Buffer.from(text ?? '');
}

/**
 * Refuses half of a surrogate pair: it has no UTF-8 form, and the script would silently get another
 * character.
 */
function wellFormed(text: string, pointer: string): string {
  if (text.isWellFormed()) return text;
  throw new HttpError(
    400,
    'INVALID_REQUEST',
    'The text contains half of a surrogate pair.',
    pointer,
  );
}
