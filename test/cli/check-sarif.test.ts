/** `hookpool check --sarif`: what the schema of SARIF 2.1.0 demands, and the places of problems. */
import { afterEach, beforeEach, expect, test } from 'vitest';
import { MadeUpHome } from '../support/made-up-home.ts';

let home: MadeUpHome;
beforeEach(() => {
  home = new MadeUpHome();
});
afterEach(() => home.remove());

test('has a result for each problem and each warning, with file, line and column', async () => {
  home.write('a b.yaml', 'hooks:\n  Stop:\n    - {}\n');
  home.write('late.yaml', 'hooks: { Stop: [{ script: exit 0, timeout: 999 }] }\n');
  const { code, stdout } = await home.call('check', '--static', '--sarif', 'a b.yaml', 'late.yaml');
  expect(code).toBe(64);
  const log = JSON.parse(stdout) as Record<string, unknown>;
  expect(log).toMatchObject({
    $schema: expect.stringContaining('sarif-2.1.0'),
    version: '2.1.0',
    runs: [
      {
        tool: { driver: { name: 'hookpool', rules: [{ id: 'problem' }, { id: 'warning' }] } },
        results: [
          {
            ruleId: 'problem',
            level: 'error',
            message: { text: expect.stringContaining('needs a script') },
            locations: [
              {
                physicalLocation: {
                  artifactLocation: { uri: 'a%20b.yaml' },
                  region: { startLine: 3, startColumn: 7 },
                },
              },
            ],
          },
          { ruleId: 'warning', level: 'warning' },
        ],
      },
    ],
  });
});

test('of good files has no results, which closes the alerts of earlier runs', async () => {
  home.write('a.yaml', 'hooks: { Stop: [{ script: exit 0 }] }\n');
  const { code, stdout } = await home.call('check', '--static', '--sarif', 'a.yaml');
  expect([code, (JSON.parse(stdout) as { runs: unknown[] }).runs]).toEqual([
    0,
    [expect.objectContaining({ results: [] })],
  ]);
});

test('names a file by a URI whose path is the whole name', async () => {
  const name = 'c#1/a:b?c 100%é.yaml';
  home.write(name, 'hooks: { Stop: [{}] }\n');
  const { stdout } = await home.call('check', '--static', '--sarif', name);
  const [, uri = ''] = /"uri": "([^"]*)"/.exec(stdout) ?? [];
  expect(uri).toBe('c%231/a%3Ab%3Fc%20100%25%C3%A9.yaml');
  expect(decodeURIComponent(new URL(uri, 'file:///').pathname)).toBe(`/${name}`);
});
