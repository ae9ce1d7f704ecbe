// biome-ignore-all lint/suspicious/noTemplateCurlyInString: placeholders are written so
import { describe, expect, it } from 'vitest';
import { hookOf, problemsOf, read } from './entry-samples.ts';

const url = 'url: https://policy.example.com/v1\n';

it('an http hook is compiled with what it sends and how its answer is read', () => {
  const text = `type: http\n${url}headers: {Authorization: "Bearer \${secret:policy}"}\npayload: {path: "\${tool_input.path}"}\nverdict: {block: /flagged, reason: /why}\nstatus: {403: block}\nsign: key\nretries: 2\n`;
  expect(hookOf(text).action).toEqual({
    kind: 'http',
    url: { isTls: true, host: 'policy.example.com', port: 443, path: '/v1', search: '' },
    headers: { Authorization: 'Bearer ${secret:policy}' },
    payload: { path: '${tool_input.path}' },
    verdict: { block: '/flagged', reason: '/why' },
    statuses: { 403: 'block' },
    sign: 'key',
    retries: 2,
    settings: expect.objectContaining({ url: 'https://policy.example.com/v1', retries: 2 }),
  });
});

it('the words of the tutorial are read', () => {
  const text = `event: PostToolUse\nmode: http\nurl: http://localhost:9000/audit\nasync_mode: true\npayload_template: {path: $tool_input_path}\n`;
  const hook = hookOf(text.replace('event: PostToolUse\n', ''));
  expect(hook).toMatchObject({
    async: true,
    action: { kind: 'http', payload: { path: '$tool_input_path' }, retries: 0 },
  });
});

it('every http hook is told what it needs and what it counts as elsewhere', () => {
  const { loaded } = read(`type: http\n${url}failMode: block\n`);
  expect(loaded?.warnings.map(({ message }) => message)).toEqual([
    expect.stringMatching(/configured a target .* failMode, block\.$/),
  ]);
});

describe('an http hook is refused at its place for', () => {
  it.each([
    ['no url', 'type: http\n', ['1:7']],
    ['a url that is none', 'type: http\nurl: /x\n', ['2:6']],
    ['a user in the url', 'type: http\nurl: https://a@b/\n', ['2:6']],
    ['a script', `type: http\n${url}script: x\n`, ['3:9']],
    ['a prompt', `type: http\n${url}prompt: x\n`, ['3:9']],
    ['a reserved header', `type: http\n${url}headers: {Host: x}\n`, ['3:17']],
    ['a header of two lines', `type: http\n${url}headers: {a: "b\\nc"}\n`, ['3:14']],
    ['a header twice', `type: http\n${url}headers: {a: b, A: c}\n`, ['3:20']],
    ['a member of the context in a header', `type: http\n${url}headers: {a: "\${b}"}\n`, ['3:14']],
    ['too many headers', `type: http\n${url}headers: {${many(33)}}\n`, ['3:10']],
    ['too long headers', `type: http\n${url}headers: {a: ${'x'.repeat(8_192)}}\n`, ['3:10']],
    ['a secret in the payload', `type: http\n${url}payload: "\${secret:a}"\n`, ['3:10']],
    ['a long payload', `type: http\n${url}payload: ${'x'.repeat(65_536)}\n`, ['3:10']],
    ['a pointer that is none', `type: http\n${url}verdict: {block: flagged}\n`, ['3:18']],
    ['an unknown rule', `type: http\n${url}verdict: {deny: /a}\n`, ['3:10']],
    ['a status that is none', `type: http\n${url}status: {99: block}\n`, ['3:14']],
    ['a meaning that is none', `type: http\n${url}status: {403: deny}\n`, ['3:15']],
    ['too many retries', `type: http\n${url}retries: 4\n`, ['3:10']],
    ['a url on a command', 'script: x\nurl: https://a/\n', ['2:6']],
    ['retries on a command', 'script: x\nretries: 1\n', ['2:10']],
  ])('%s', (_, text, places) => {
    expect(problemsOf(text)).toEqual(places);
  });

  function many(count: number): string {
    return Array.from({ length: count }, (_, at) => `h${at}: x`).join(', ');
  }
});
