import { pino } from 'pino';
import { expect, test } from 'vitest';
import { parseTokens } from '../../src/server/auth.ts';
import { appUnderTest } from './app-under-test.ts';

const tokens = parseTokens(
  'tokens.yaml',
  `- {token: named-token-0123456789, tenant: blue, role: admin, name: Ada}
- {token: other-token-0123456789, tenant: blue, role: admin}
`,
);

test('the line of a request names the tenant and the token, never its text', async () => {
  const lines: string[] = [];
  const stream = { write: (line: string) => void lines.push(line) };
  const { app } = appUnderTest({ tokens, logger: pino({ level: 'info' }, stream) });
  for (const who of ['named', 'other', 'false']) {
    const headers = { authorization: `Bearer ${who}-token-0123456789` };
    await app.inject({ method: 'GET', url: '/v1/hooksets', headers });
  }
  await app.close();
  const told = lines.map((line) => JSON.parse(line)).filter(({ msg }) => msg === 'request');
  expect(told.map(({ status, tenant, caller }) => [status, tenant, caller])).toEqual([
    [200, 'blue', 'Ada'],
    [200, 'blue', undefined],
    [401, expect.anything(), undefined],
  ]);
  expect(lines.join('')).not.toContain('-token-');
});
