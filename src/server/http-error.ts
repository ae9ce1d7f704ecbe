/** Maps thrown errors to error answers: the only table of HTTP statuses. */
import { type ErrorCode, HookpoolError, InvalidInputError, messageOf } from '../errors.ts';
import { InvalidHooksError } from '../files/hooks-file.ts';
import { shortened } from '../protocol/shown.ts';

/** Error codes of the HTTP API; the others come from errors.ts. Public and stable. */
export type HttpErrorCode =
  | 'INVALID_BODY'
  | 'INVALID_REQUEST'
  | 'UNAUTHENTICATED'
  | 'FORBIDDEN'
  | 'NOT_FOUND'
  | 'CONFLICT'
  | 'PRECONDITION_FAILED'
  | 'TOO_LARGE'
  | 'UNSUPPORTED_MEDIA_TYPE'
  | 'OVERLOADED'
  | 'SHUTTING_DOWN'
  | 'STORE_FULL'
  | 'STORE_CORRUPT'
  | 'PROFILE_MISSING'
  | 'INTERNAL';

/** An error answer. `pointer`: JSON pointer to the bad field of the body, '' for all of it. */
export class HttpError extends Error {
  readonly status: number;
  readonly code: HttpErrorCode;
  readonly pointer: string;

  constructor(status: number, code: HttpErrorCode, message: string, pointer = '') {
    super(message);
    this.name = 'HttpError';
    this.status = status;
    this.code = code;
    this.pointer = pointer;
  }
}

/** An invalid input, with the pointer to its field. */
export class FieldError extends Error {
  readonly pointer: string;
  readonly problems: readonly FieldProblem[] | undefined;
  override readonly cause: InvalidInputError;

  constructor(pointer: string, cause: InvalidInputError, problems?: readonly FieldProblem[]) {
    super(cause.message, { cause });
    this.name = 'FieldError';
    this.pointer = pointer;
    this.cause = cause;
    this.problems = problems;
  }

  /** An invalid input becomes an error of the field that it names; any other stays as it is. */
  static of(error: unknown): unknown {
    if (!(error instanceof InvalidInputError)) return error;
    return new FieldError(error.field === undefined ? '' : `/${error.field}`, error);
  }
}

/** @throws FieldError with `pointer` where `read` throws InvalidInputError */
export function inField<T>(pointer: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof InvalidInputError) throw new FieldError(pointer, error);
    throw error;
  }
}

/** One of the problems of a hooks document. */
export interface FieldProblem {
  readonly line: number;
  readonly column: number;
  readonly message: string;
  readonly pointer?: string;
}

export interface ErrorAnswer {
  readonly status: number;
  readonly retryAfterSeconds?: number;
  readonly error: {
    readonly code: string;
    readonly message: string;
    readonly pointer: string;
    readonly problems?: readonly FieldProblem[];
  };
}

const retryAfterSeconds = 2;

/** Statuses of invalid inputs; of all others 400. */
const inputStatuses: Readonly<Partial<Record<ErrorCode, number>>> = {
  TOO_LARGE: 413,
  TRANSCRIPT_NEEDED: 428,
};

/**
 * Limit of the message of an error. The longest messages list the problems of a hooks file, one per
 * line.
 */
const mostCharacters = 32_000;

export function answerTo(thrown: unknown): ErrorAnswer {
  const { error, ...answer } = fullAnswer(thrown);
  return { ...answer, error: { ...error, message: shortened(error.message, mostCharacters) } };
}

function fullAnswer(thrown: unknown): ErrorAnswer {
  if (thrown instanceof HttpError) {
    const { status, code, message, pointer } = thrown;
    return {
      status,
      ...(status === 503 ? { retryAfterSeconds } : {}),
      error: { code, message, pointer },
    };
  }
  if (thrown instanceof FieldError) {
    const { error, status } = fullAnswer(thrown.cause);
    const problems = thrown.problems ?? error.problems;
    return {
      status,
      error: { ...error, pointer: thrown.pointer, ...(problems === undefined ? {} : { problems }) },
    };
  }
  if (thrown instanceof InvalidInputError) {
    const status = inputStatuses[thrown.code] ?? 400;
    const problems =
      thrown instanceof InvalidHooksError ? { problems: thrown.problems.map(withoutFile) } : {};
    return {
      status,
      error: { code: thrown.code, message: thrown.message, pointer: '', ...problems },
    };
  }
  if (thrown instanceof HookpoolError) {
    return {
      status: 503,
      retryAfterSeconds,
      error: { code: thrown.code, message: thrown.message, pointer: '' },
    };
  }
  return (
    frameworkAnswer(thrown) ?? {
      status: 500,
      error: { code: 'INTERNAL', message: 'hookpool failed.', pointer: '' },
    }
  );
}

/** The answer to an error of fastify itself, before a route runs. */
function frameworkAnswer(thrown: unknown): ErrorAnswer | undefined {
  const status = (thrown as { statusCode?: unknown } | null)?.statusCode;
  if (typeof status !== 'number' || status < 400 || status > 499) return undefined;
  const codes: Readonly<Record<number, HttpErrorCode>> = {
    404: 'NOT_FOUND',
    413: 'TOO_LARGE',
    415: 'UNSUPPORTED_MEDIA_TYPE',
  };
  const fix =
    status === 415
      ? ' Send JSON as application/json, or a hook set in YAML as application/yaml; of a script file send what hookpool bundle prints.'
      : '';
  return {
    status,
    error: {
      code: codes[status] ?? 'INVALID_REQUEST',
      message: `${messageOf(thrown)}.${fix}`,
      pointer: '',
    },
  };
}

function withoutFile({ line, column, message }: FieldProblem): FieldProblem {
  return { line, column, message };
}
