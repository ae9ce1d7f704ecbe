/**
 * An operation of the API as one value, from which its route, /openapi.json and /docs are made. The
 * route checks the role, the path and the query that it states.
 */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { z } from 'zod';
import type { Role } from './auth.ts';
import { readParams, readQuery } from './request-input.ts';

export interface Operation {
  readonly method: 'get' | 'put' | 'post' | 'delete';
  /** `{name}` is a parameter. */
  readonly path: string;
  /** One sentence for the documentation. */
  readonly about: string;
  /** The role that the caller needs; `public`: no token is needed. */
  readonly role: Role | 'public';
  /** Counts towards `maxInFlight`. */
  readonly heavy?: boolean;
  /** Every parameter of the path. */
  readonly params?: z.ZodObject;
  /** Every parameter that the query may have; absent: the query is ignored. */
  readonly query?: z.ZodObject;
  /** Request headers that change what the operation does. */
  readonly headers?: readonly string[];
  /**
   * The content types that are recommended, and the schema where the body is always an object of
   * this shape.
   */
  readonly body?: { readonly types: readonly string[]; readonly schema?: z.ZodType };
  /** The answers that are no errors, by status; null: an answer without a body. */
  readonly answers: Readonly<Record<number, Answer | null>>;
  /** Statuses of errors beside those of every operation with a role: 400, 401, 403 and 503. */
  readonly errors?: readonly number[];
  /** When the errors are answers, where they are not always, as a sentence. */
  readonly errorsOnly?: string;
}

export interface Answer {
  /** Default: JSON. */
  readonly type?: string;
  readonly schema?: z.ZodType;
  /** What it means, where the status does not say it. */
  readonly about?: string;
  /** Headers that tell more than the body, with what each says. */
  readonly headers?: Readonly<Record<string, string>>;
}

declare module 'fastify' {
  interface FastifyContextConfig {
    /** A route without an operation is for admins. */
    readonly operation?: Operation;
  }
}

/** The operations of one module, under names of its own. */
export type Operations = Readonly<Record<string, Operation>>;

/** A request whose path and query have passed the checks of the operation. */
export interface Call<O> {
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
  readonly params: O extends { readonly params: infer S extends z.ZodType }
    ? z.infer<S>
    : undefined;
  readonly query: O extends { readonly query: infer S extends z.ZodType } ? z.infer<S> : undefined;
}

/** @returns the body of the answer, or the reply that was sent. */
type Handler<O> = (call: Call<O>) => unknown;

/**
 * Adds a route for each operation; one without a handler, or a handler without one, does not
 * compile.
 */
export function register<const O extends Operations>(
  app: FastifyInstance,
  operations: O,
  handlers: { readonly [Name in keyof O]: Handler<O[Name]> },
): void {
  for (const [name, operation] of Object.entries(operations)) {
    const handler = handlers[name] as Handler<unknown>;
    const { method, path, params, query } = operation;
    app.route({
      method,
      url: path.replace(/\{(\w+)\}/g, ':$1'),
      config: { operation },
      handler: async (request, reply) => {
        const asked = {
          params: params === undefined ? undefined : readParams(params, request),
          query: query === undefined ? undefined : readQuery(query, request),
        };
        return handler({ request, reply, ...(asked as Pick<Call<unknown>, 'params' | 'query'>) });
      },
    });
  }
}
