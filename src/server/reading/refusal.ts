/** A refused input as plain data: a worker thread cannot send instances of our error classes. */
import { InvalidInputError } from '../../errors.ts';
import { FieldError, type FieldProblem, HttpError } from '../http-error.ts';

type PlainInputError = Pick<InvalidInputError, 'code' | 'message' | 'field'>;

type Refusal =
  | (Pick<HttpError, 'status' | 'code' | 'message' | 'pointer'> & { readonly kind: 'http' })
  | (PlainInputError & {
      readonly kind: 'field';
      readonly pointer: string;
      readonly problems: readonly FieldProblem[] | undefined;
    })
  | (PlainInputError & { readonly kind: 'input' });

export type Outcome<T> = { readonly value: T } | { readonly refusal: Refusal };

/** @throws each error of `read` that is no refusal of its input */
export function outcomeOf<T>(read: () => T): Outcome<T> {
  try {
    return { value: read() };
  } catch (error) {
    return { refusal: refusalOf(error) };
  }
}

/** @throws HttpError, FieldError or InvalidInputError, as the reader did */
export function valueIn<T>(outcome: Outcome<T>): T {
  if ('value' in outcome) return outcome.value;
  const { refusal } = outcome;
  if (refusal.kind === 'http') {
    throw new HttpError(refusal.status, refusal.code, refusal.message, refusal.pointer);
  }
  const cause = new InvalidInputError(refusal.code as never, refusal.message, {
    field: refusal.field,
  });
  throw refusal.kind === 'input' ? cause : new FieldError(refusal.pointer, cause, refusal.problems);
}

function refusalOf(error: unknown): Refusal {
  if (error instanceof HttpError) {
    const { status, code, message, pointer } = error;
    return { kind: 'http', status, code, message, pointer };
  }
  if (error instanceof FieldError) {
    const { pointer, problems, cause } = error;
    return { kind: 'field', pointer, problems, ...plain(cause) };
  }
  if (error instanceof InvalidInputError) return { kind: 'input', ...plain(error) };
  throw error;
}

function plain({ code, message, field }: InvalidInputError): PlainInputError {
  return { code, message, field };
}
