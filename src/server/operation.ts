/**
 * An operation of the API as one value: its route is registered from it, and /openapi.json and /docs are made from it.
 * What it says of roles, paths and queries is what is checked.
 */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { z } from 'zod';
import type { Role } from './auth.ts';
import { readParams, readQuery } from './request-names.ts';

export interface Operation {
  readonly method: 'get' | 'put' | 'post' | 'delete';
  /** `{name}` is a parameter. */
  readonly path: string;
  /** One sentence for people. */
  readonly about: string;
  /** Who may call; `public`: without a token. */
  readonly role: Role | 'public';
  /** Counts towards `maxInFlight`. */
  readonly heavy?: boolean;
  /** Every parameter of the path. */
  readonly params?: z.ZodObject;
  /** All that may stand behind the `?`; absent: it is not looked at. */
  readonly query?: z.ZodObject;
  /** Headers of the request that change what is done. */
  readonly headers?: readonly string[];
  /** The content types that are recommended, and the schema where the body is always an object of this shape. */
  readonly body?: { readonly types: readonly string[]; readonly schema?: z.ZodType };
  /** By status, the answers that are no error; null: without a body. */
  readonly answers: Readonly<Record<number, Answer | null>>;
  /** Statuses of errors beside those of every operation with a role: 400, 401, 403 and 503. */
  readonly errors?: readonly number[];
}

export interface Answer {
  /** Default: JSON. */
  readonly type?: string;
  readonly schema?: z.ZodType;
}

declare module 'fastify' {
  interface FastifyContextConfig {
    /** A route without one is for admins. */
    readonly operation?: Operation;
  }
}

/** Those of one module, by names of its own. */
export type Operations = Readonly<Record<string, Operation>>;

/** A request whose path and query are as the operation says. */
export interface Call<O> {
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
  readonly params: O extends { readonly params: infer S extends z.ZodType } ? z.infer<S> : undefined;
  readonly query: O extends { readonly query: infer S extends z.ZodType } ? z.infer<S> : undefined;
}

/** @returns the body of the answer, or the reply that was sent. */
type Handler<O> = (call: Call<O>) => unknown;

/** Adds a route for each operation; one without a handler, or a handler without one, does not compile. */
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
