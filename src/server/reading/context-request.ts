/**
 * A context that a worker thread reads or changes: its bytes are sent there, and only changed bytes
 * are sent back.
 */

import { findDialect } from '../../agents/registry.ts';
import { Content } from '../../protocol/content.ts';
import { type Context, type ContextInput, parseContext } from '../../protocol/context.ts';
import { type Handed, pipeContext } from '../../protocol/verdict/combine-rewrites.ts';

export interface ContextRequest {
  readonly dialect: string;
  readonly input: Omit<ContextInput, 'content'>;
}

/** The parsed context, without the parts that the caller already has. */
export interface ContextAnswer extends Omit<Context, 'content' | 'transcript'> {
  /** undefined: the bytes are those that were sent. */
  readonly changedBytes: Uint8Array | undefined;
}

/** @throws InvalidInputError `INVALID_CONTEXT`, `INVALID_EVENT` or `TOO_LARGE` */
export function readContextRequest({ dialect, input }: ContextRequest): ContextAnswer {
  const { content, transcript: _, ...read } = parseContext(findDialect(dialect), input);
  return { ...read, changedBytes: content.bytes === input.bytes ? undefined : content.bytes };
}

export function contextOf({ changedBytes, ...read }: ContextAnswer, input: ContextInput): Context {
  return {
    ...read,
    content: Content.of(changedBytes ?? input.bytes, input.content),
    transcript: input.transcript,
  };
}

/** The result of one hook, to be put into the context for the next hook of a pipe. */
export interface PipeRequest {
  readonly dialect: string;
  readonly context: Uint8Array;
  readonly result: Handed;
}

export interface PipeAnswer {
  /** undefined: the bytes are those that were sent. */
  readonly changedBytes: Uint8Array | undefined;
}

export function pipeRequest({ dialect, context, result }: PipeRequest): PipeAnswer {
  const piped = pipeContext(findDialect(dialect), context, result);
  return { changedBytes: piped === context ? undefined : piped };
}
