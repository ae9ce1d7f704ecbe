/** A context for another thread to read or to change; its bytes travel there, and only changed ones travel back. */

import { findDialect } from '../../agents/registry.ts';
import { Content } from '../../protocol/content.ts';
import { type Context, type ContextInput, parseContext } from '../../protocol/context.ts';
import { type Handed, pipeContext } from '../../protocol/verdict/combine-rewrites.ts';

export interface ContextRequest {
  readonly dialect: string;
  readonly input: Omit<ContextInput, 'content'>;
}

/** What was read, without what the caller has. */
export interface ContextAnswer extends Omit<Context, 'content' | 'transcript'> {
  /** undefined: those that were sent. */
  readonly changedBytes: Uint8Array | undefined;
}

/** @throws InvalidInputError `INVALID_CONTEXT`, `INVALID_EVENT` or `TOO_LARGE` */
export function readContextRequest({ dialect, input }: ContextRequest): ContextAnswer {
  const { content, transcript: _, ...read } = parseContext(findDialect(dialect), input);
  return { ...read, changedBytes: content.bytes === input.bytes ? undefined : content.bytes };
}

export function contextOf({ changedBytes, ...read }: ContextAnswer, input: ContextInput): Context {
  return { ...read, content: Content.of(changedBytes ?? input.bytes, input.content), transcript: input.transcript };
}

/** What a hook hands on to the next one of a pipe. */
export interface PipeRequest {
  readonly dialect: string;
  readonly context: Uint8Array;
  readonly result: Handed;
}

export interface PipeAnswer {
  /** undefined: those that were sent. */
  readonly changedBytes: Uint8Array | undefined;
}

export function pipeRequest({ dialect, context, result }: PipeRequest): PipeAnswer {
  const piped = pipeContext(findDialect(dialect), context, result);
  return { changedBytes: piped === context ? undefined : piped };
}
