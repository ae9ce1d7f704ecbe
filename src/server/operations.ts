/** Every operation of the API as data: /openapi.json and /docs are made from this table. */
import type { z } from 'zod';
import { jsonTypes, rawTypes, yamlTypes } from './body.ts';
import {
  auditAnswer,
  decisionAnswer,
  evaluateBody,
  hintQuery,
  hookAnswer,
  hookQuery,
  hookSetAnswer,
  hookSetBody,
  hookSetsAnswer,
  replayAnswer,
  runAnswer,
  runBody,
  threadAnswer,
} from './schemas.ts';

export interface Operation {
  readonly method: 'get' | 'put' | 'post' | 'delete';
  /** `{name}` is a parameter. */
  readonly path: string;
  readonly about: string;
  readonly role: 'public' | 'evaluate' | 'admin';
  readonly body?: { readonly types: readonly string[]; readonly schema?: z.ZodType };
  /** The status of success and what comes with it. */
  readonly status: number;
  readonly answer?: z.ZodType;
  /** Where the answer is no JSON. */
  readonly answerType?: string;
  /** Statuses beside 400, 401, 403 and 503. */
  readonly errors?: readonly number[];
  /** Takes `?tenant=`. */
  readonly tenant?: boolean;
  /** All that may stand behind the `?`. */
  readonly query?: z.ZodObject;
}

const documents = [...jsonTypes, ...yamlTypes.slice(0, 1)];
const hookFile = { types: documents, schema: hookSetBody };
const azureDocument = { types: documents };
const set = '/v1/hooksets/{name}';
const agent = '/api/v2/extendedAgent/agents/{agentName}';
const globalHook = '/api/v2/extendedAgent/hooks/{name}';
const forAdmins = { role: 'admin', tenant: true } as const;
const stores = { ...forAdmins, status: 200, answer: hookSetAnswer, errors: [201, 412, 413, 415, 507] } as const;
const reads = { ...forAdmins, status: 200, answerType: 'application/yaml', errors: [304, 404] } as const;
const removes = { ...forAdmins, status: 204, errors: [404, 412] } as const;
const json = jsonTypes;

export const operations: readonly Operation[] = [
  {
    method: 'post',
    path: '/v1/evaluate',
    about: 'One event through the hooks that match it: the decision.',
    role: 'evaluate',
    body: { types: json, schema: evaluateBody },
    status: 200,
    answer: decisionAnswer,
    errors: [404, 413, 415],
  },
  {
    method: 'post',
    path: '/v1/hook',
    about: "An agent's JSON as it is: what a command hook would have to print, and its exit code.",
    role: 'evaluate',
    query: hookQuery,
    body: { types: rawTypes },
    status: 200,
    answer: hookAnswer,
    errors: [404, 413, 415],
  },
  {
    method: 'post',
    path: '/v1/run',
    about: 'One script in a sandbox: the facts of its run.',
    role: 'evaluate',
    body: { types: json, schema: runBody },
    status: 200,
    answer: runAnswer,
    errors: [413, 415, 501],
  },
  { method: 'get', path: '/v1/hooksets', about: 'All hook sets of a tenant.', ...forAdmins, status: 200, answer: hookSetsAnswer },
  {
    method: 'put',
    path: set,
    about: 'Check a hooks file and store it. If-Match says which version it replaces.',
    body: hookFile,
    query: hintQuery,
    ...stores,
  },
  { method: 'get', path: set, about: 'The document as it was sent, with its ETag.', ...reads },
  { method: 'delete', path: set, about: 'Remove a hook set.', ...removes },
  {
    method: 'put',
    path: agent,
    about: "Store Azure SRE Agent's ExtendedAgent document as a hook set.",
    body: azureDocument,
    ...stores,
  },
  { method: 'get', path: agent, about: 'The document as it was sent.', ...reads },
  { method: 'delete', path: agent, about: 'Remove an agent.', ...removes },
  {
    method: 'put',
    path: globalHook,
    about: 'Store a GlobalHook document: it joins every agent of the tenant.',
    body: azureDocument,
    ...stores,
  },
  { method: 'get', path: globalHook, about: 'The document as it was sent.', ...reads },
  { method: 'delete', path: globalHook, about: 'Remove a global hook.', ...removes },
  {
    method: 'get',
    path: '/v1/threads/{thread}/hooks',
    about: 'The on-demand hooks that are switched on for a conversation.',
    role: 'evaluate',
    tenant: true,
    status: 200,
    answer: threadAnswer,
  },
  {
    method: 'put',
    path: '/v1/threads/{thread}/hooks/{hook}',
    about: 'Switch an on-demand hook on for a conversation.',
    role: 'evaluate',
    tenant: true,
    status: 204,
    errors: [507],
  },
  {
    method: 'delete',
    path: '/v1/threads/{thread}/hooks/{hook}',
    about: 'Switch it off.',
    role: 'evaluate',
    tenant: true,
    status: 204,
  },
  {
    method: 'get',
    path: '/v1/evaluations/{id}',
    about: 'The record of an evaluation.',
    ...forAdmins,
    status: 200,
    answer: auditAnswer,
    errors: [404],
  },
  {
    method: 'post',
    path: '/v1/evaluations/{id}/replay',
    about: 'The same evaluation once more, where its context was kept.',
    ...forAdmins,
    status: 200,
    answer: replayAnswer,
    errors: [404, 409],
  },
  { method: 'get', path: '/healthz', about: 'Is the process alive?', role: 'public', status: 200 },
  { method: 'get', path: '/readyz', about: 'Would work be done now? 503 says why not.', role: 'public', status: 200 },
  { method: 'get', path: '/metrics', about: 'For Prometheus.', role: 'evaluate', status: 200, answerType: 'text/plain' },
  { method: 'get', path: '/openapi.json', about: 'This list for programs.', role: 'public', status: 200 },
  { method: 'get', path: '/docs', about: 'This list for people.', role: 'public', status: 200, answerType: 'text/html' },
];
