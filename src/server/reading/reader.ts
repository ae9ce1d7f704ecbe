/**
 * Reads what callers send. Small inputs are read on the main thread, where the limits of every
 * reader bound its work to a few milliseconds. Larger ones are read on worker threads with a
 * timeout and a heap limit, so that no input of one caller delays the answers of the others.
 */
import { findDialect } from '../../agents/registry.ts';
import { type InputField, InvalidInputError, UnavailableError } from '../../errors.ts';
import type { HookSet } from '../../files/hook-set.ts';
import { type Context, type ContextInput, parseContext } from '../../protocol/context.ts';
import type { Dialect } from '../../protocol/dialect.ts';
import { type Handed, pipeContext } from '../../protocol/verdict/combine-rewrites.ts';
import { TaskEndedError } from '../../threads/task-ended-error.ts';
import { ThreadPool } from '../../threads/thread-pool.ts';
import { decodeBody, type RawBody } from '../body.ts';
import { BoundedMap } from '../bounded-map.ts';
import { readHookDocument } from '../hook-compiler.ts';
import { anyTenant } from '../names.ts';
import type { HookDocument } from '../stores.ts';
import {
  type ContextAnswer,
  type ContextRequest,
  contextOf,
  type PipeAnswer,
  type PipeRequest,
} from './context-request.ts';
import {
  type EvaluateBodyRequest,
  type EvaluateRequest,
  readEvaluateRequest,
} from './evaluate-request.ts';
import { fromPlain, type PlainHookSet } from './plain-hook-set.ts';
import { lateError, type ReadCall } from './read-call.ts';
import { type Outcome, valueIn } from './refusal.ts';
import { type RunRequestBody, readRunRequest } from './run-request.ts';

/**
 * The largest inputs that the main thread reads: 64 KiB of context take 0.3 ms, 16 KiB of YAML 6
 * ms. Sending either to a worker thread takes 0.1 ms, and the thread 30 MiB.
 */
const inlineBytes = { body: 64 << 10, context: 64 << 10, hooks: 16 << 10 } as const;

const threads = 2;
const heapMb = 256;
/** The largest permitted documents take 0.5 s on an idle machine. */
const readTimeoutMs = 5_000;
/**
 * Limit of a reading with its wait for a thread, whatever the caller's deadline is: a deadline in
 * the body is only known when the body has been read. A hook may wait as long for a place to run;
 * behind 16 tasks of 5 s the wait would be 80 s.
 */
const maxWithinMs = 30_000;
const idleMs = 30_000;
const waitingPerTenant = 16;

interface Input {
  /** The first words of the error message. */
  readonly what: string;
  readonly field?: InputField;
}

type Kind = 'evaluateRequest' | 'runRequest' | 'hookSet' | 'context' | 'pipe';

const inputs: Readonly<Record<Kind, Input>> = {
  evaluateRequest: { what: 'The body' },
  runRequest: { what: 'The body' },
  hookSet: { what: 'The hooks' },
  context: { what: 'The context', field: 'context' },
  pipe: { what: 'The context', field: 'context' },
};

/** Opens the thread pool, which starts a thread only when there is a large input. */
export function openReaderThreads(): ThreadPool {
  const module = { from: import.meta.url, entry: './reader-thread' };
  return new ThreadPool({ ...module, threads, heapMb, waitingPerTenant, idleMs });
}

/** A reading of a context that has begun. */
export interface EarlyContext {
  readonly dialect: string;
  readonly input: ContextInput;
  readonly context: Promise<Context>;
}

const tenantsKept = 1_000;
const namesBytes = 64 << 10;

export class Reader {
  readonly #threads: ThreadPool | undefined;
  /** The dialect of each tenant's last context, and of the last one of all of them. */
  readonly #dialects = new BoundedMap<string>(tenantsKept, namesBytes);

  /**
   * @param threads the creator must close them; undefined: everything is read on the main thread.
   */
  constructor(threads: ThreadPool | undefined) {
    this.#threads = threads;
  }

  /** @throws HttpError 400, 413 or 415 */
  async evaluateRequest(body: RawBody, call: ReadCall): Promise<EvaluateRequest> {
    if (this.#isInline('body', body.bytes.length)) return readEvaluateRequest(decodeBody(body));
    const asked: EvaluateBodyRequest = { body, guess: this.#dialects.get(call.tenant) };
    const read = await this.#read<EvaluateRequest>('evaluateRequest', asked, call);
    const { buffer, byteOffset, byteLength } = read.context;
    return { ...read, context: Buffer.from(buffer, byteOffset, byteLength) };
  }

  /** @throws HttpError 400, 413 or 415 */
  async runRequest(body: RawBody, call: ReadCall): Promise<RunRequestBody> {
    if (this.#isInline('body', body.bytes.length)) return readRunRequest(decodeBody(body));
    return this.#read<RunRequestBody>('runRequest', body, call);
  }

  /** @throws FieldError with every problem */
  async hookSet(document: HookDocument, call: ReadCall): Promise<HookSet> {
    if (this.#isInline('hooks', document.text.length)) return readHookDocument(document);
    return fromPlain(await this.#read<PlainHookSet>('hookSet', document, call));
  }

  /**
   * Reads a context before it is certain that its hooks have this dialect, while the hooks are
   * asked for. Most tenants have one dialect, so without a name it is the one of the last context.
   * @param read the context as the thread has read it with the body.
   * @returns undefined where there is nothing to guess from.
   */
  early(
    named: string | undefined,
    input: ContextInput,
    call: ReadCall,
    read?: EvaluateRequest['early'],
  ): EarlyContext | undefined {
    if (read !== undefined) {
      const { dialect, answer } = read;
      return { dialect, input, context: Promise.resolve(contextOf(answer, input)) };
    }
    const dialect = named ?? this.#dialects.get(call.tenant);
    if (dialect === undefined) return undefined;
    const context = this.#context(findDialect(dialect), input, call);
    // Whoever uses it gets the error; a reading that nobody uses has none to tell.
    context.catch(() => undefined);
    return { dialect, input, context };
  }

  /**
   * @param early a reading that has begun; it is used where it is one of the same input.
   * @throws InvalidInputError `INVALID_CONTEXT`, `INVALID_EVENT` or `TOO_LARGE`
   */
  context(
    dialect: Dialect,
    input: ContextInput,
    call: ReadCall,
    early?: EarlyContext,
  ): Promise<Context> {
    for (const tenant of [call.tenant, anyTenant])
      this.#dialects.set(tenant, dialect.name, dialect.name.length);
    const { bytes, event, transcript } = input;
    const isSame =
      early?.dialect === dialect.name &&
      early.input.bytes === bytes &&
      early.input.event === event &&
      transcript === undefined;
    return isSame ? early.context : this.#context(dialect, input, call);
  }

  async #context(dialect: Dialect, input: ContextInput, call: ReadCall): Promise<Context> {
    if (this.#isInline('context', input.bytes.length)) return parseContext(dialect, input);
    const { content: _, ...plain } = input;
    const asked: ContextRequest = { dialect: dialect.name, input: plain };
    return contextOf(await this.#read<ContextAnswer>('context', asked, call), input);
  }

  /** The context for the next hook of a pipe. */
  async pipe(
    dialect: Dialect,
    context: Uint8Array,
    result: Handed,
    call: ReadCall,
  ): Promise<Uint8Array> {
    if (this.#isInline('context', context.length)) return pipeContext(dialect, context, result);
    const { event, updatedInput, additionalContext, extra } = result;
    const handed: Handed = {
      event,
      updatedInput,
      ...(additionalContext === undefined ? {} : { additionalContext }),
      ...(extra === undefined ? {} : { extra }),
    };
    const asked: PipeRequest = { dialect: dialect.name, context, result: handed };
    const { changedBytes } = await this.#read<PipeAnswer>('pipe', asked, call);
    return changedBytes ?? context;
  }

  #isInline(what: keyof typeof inlineBytes, size: number): boolean {
    return this.#threads === undefined || size <= inlineBytes[what];
  }

  async #read<T>(kind: Kind, input: unknown, call: ReadCall): Promise<T> {
    const { tenant, withinMs = Infinity } = call;
    try {
      const timing = { timeoutMs: readTimeoutMs, withinMs: Math.min(withinMs, maxWithinMs) };
      const outcome = await this.#threads?.run(kind, input, { tenant, ...timing });
      return valueIn(outcome as Outcome<T>);
    } catch (error) {
      if (error instanceof TaskEndedError) throw endedError(error, inputs[kind], withinMs);
      throw error;
    }
  }
}

function endedError({ why }: TaskEndedError, { what, field }: Input, withinMs: number): Error {
  if (why === 'late')
    return withinMs > maxWithinMs ? lateError(what, `${maxWithinMs / 1000} s`) : lateError(what);
  // The thread, not the input, is to blame as far as is known.
  if (why === 'died')
    return new UnavailableError(
      'OVERLOADED',
      `${what} could not be read: its reader thread ended. Try again.`,
    );
  const limit = why === 'time' ? `${readTimeoutMs / 1000} s` : `${heapMb} MiB of memory`;
  return new InvalidInputError(
    'TOO_LARGE',
    `${what} takes more than ${limit} to read. Send less.`,
    { field },
  );
}
