/** Compiles an http hook, and tells what is wrong with its request. */
import { attempted } from '../errors.ts';
import type { Dialect } from '../protocol/dialect.ts';
import type { HttpAction } from '../protocol/http-action.ts';
import { headerProblems } from '../protocol/request-headers.ts';
import { parseRequestUrl } from '../protocol/request-url.ts';
import { payloadProblem } from '../protocol/template.ts';
import type { KeyProblem } from './hook-problems.ts';
import type { HookEntry } from './hook-schema.ts';
import { settingsOf } from './unsupported-hook.ts';

/** Keys that only http hooks have. */
const httpKeys = ['url', 'headers', 'payload', 'verdict', 'status', 'sign', 'retries'] as const;

/** What every http hook is told when it is loaded. */
export const httpReason =
  'An http hook runs only where the operator has configured a target with its address (docs/http-hooks.md).';

export function isHttpHook({ type }: HookEntry): boolean {
  return type === 'http';
}

/** What is wrong with the keys of an http hook, or with such keys of another hook. */
export function httpProblems(
  { dialect, event }: { readonly dialect: Dialect; readonly event: string },
  data: HookEntry,
): KeyProblem[] {
  if (!isHttpHook(data))
    return httpKeys
      .filter((key) => data[key] !== undefined)
      .map((key) => [key, `${key} is for http hooks: write type: http, or remove it.`]);
  const others = (['command', 'script', 'prompt', 'model', 'files', 'env', 'workingDir'] as const)
    .filter((key) => data[key] !== undefined)
    .map((key): KeyProblem => [key, `An http hook takes no ${key}: remove it.`]);
  if (dialect.httpNotAt?.includes(event))
    others.push(['type', `${dialect.about} has no http hooks at ${event}: write a command.`]);
  if (data.url === undefined) return [...others, ['type', 'An http hook needs a url.']];
  const { problem } = attempted(() => parseRequestUrl(String(data.url)));
  return [
    ...others,
    ...(problem === undefined ? [] : [['url', problem] as const]),
    ...headerProblems(data.headers ?? {}).map(
      ({ name, problem }): KeyProblem =>
        name === undefined ? ['headers', problem] : ['headers', problem, [name]],
    ),
    ...payloadProblems(data.payload),
  ];
}

/** @returns undefined where the url is missing or wrong, which httpProblems() reports. */
export function httpActionOf(data: HookEntry): HttpAction | undefined {
  const { url, headers = {}, payload, verdict, status, sign, retries = 0 } = data;
  const parsed = attempted(() => parseRequestUrl(url ?? '')).value;
  if (parsed === undefined) return undefined;
  return {
    kind: 'http',
    url: parsed,
    headers,
    payload,
    verdict,
    statuses: status,
    sign,
    retries,
    settings: settingsOf({ url, headers, payload, verdict, status, sign, retries }),
  };
}

function payloadProblems(payload: unknown): KeyProblem[] {
  const problem = payload === undefined ? undefined : payloadProblem(payload);
  return problem === undefined ? [] : [['payload', problem]];
}
