import { expect, it } from 'vitest';
import { type Action, actionKey, scriptOf } from '../../src/protocol/action.ts';
import { parseRequestUrl } from '../../src/protocol/request-url.ts';

const command = (source: string): Action => ({
  kind: 'command',
  script: { runtime: 'bash', source },
});
const model = (type: string, prompt: string): Action => ({
  kind: 'unsupported',
  type,
  reason: 'It needs a model.',
  settings: { prompt },
});

const request = (url: string, payload?: unknown): Action => ({
  kind: 'http',
  url: parseRequestUrl(url),
  headers: {},
  payload,
  retries: 0,
  // What is kept of the settings may be the same for two requests.
  settings: {},
});

it('a command has a script, another action has none', () => {
  expect(scriptOf({ action: command('exit 0') })?.source).toBe('exit 0');
  expect(scriptOf({ action: model('prompt', 'Good?') })).toBeUndefined();
});

it('the key is equal for actions that do the same, and for no others', () => {
  const actions = [
    command('a'),
    command('b'),
    model('prompt', 'a'),
    model('prompt', 'b'),
    model('agent', 'a'),
    request('https://a.test/'),
    request('https://a.test/?b'),
    request('https://a.test/', 'b'),
  ];
  expect(new Set(actions.map(actionKey)).size).toBe(actions.length);
  expect(actionKey(model('agent', 'a'))).toBe(actionKey(model('agent', 'a')));
  expect(actionKey(request('https://a.test/', 'b'))).toBe(
    actionKey(request('https://a.test/', 'b')),
  );
});
