import { appUnderTest, stopHook } from './app-under-test.ts';

export const json = { 'content-type': 'application/json' };

export const context = '{"hook_event_name":"Stop",\t"n": 12345678901234567890.10, "é\\u00e9":"}" }';

export const file = (script: string, more: object = {}) =>
  JSON.stringify({ hooks: stopHook(script, more) });

export const post = (
  url: string,
  payload: string | Buffer,
  headers: Record<string, string> = json,
) => {
  const { app, jobs } = appUnderTest();
  return app
    .inject({ method: 'POST', url: `/v1/hook?${url}`, headers, payload })
    .then((answer) => ({ answer, jobs }));
};

export const withFile = (script: string, headers?: Record<string, string>) =>
  post(
    `dialect=claude-code&contextBytes=${Buffer.byteLength(context)}`,
    context + file(script),
    headers,
  );
