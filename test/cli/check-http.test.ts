/** What `hookpool check` says of http hooks. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, test, vi } from 'vitest';
import { checkCommand } from '../../src/cli/check.ts';
import { Arguments, type Io } from '../../src/cli/command.ts';

describe('an http hook in check --strict', () => {
  const url = 'https://policy.example.com/v1/check';
  const hooks = `hooks: {Stop: [{type: http, url: "${url}", headers: {X: "$\{secret:k}"}}]}`;
  const targets = 'targets: {t: {hosts: [policy.example.com], tenants: [acme]}}\n';
  const secrets =
    'secrets: {k: {keyEnv: CHECK_KEY, hosts: [policy.example.com], tenants: ["*"]}}\n';

  async function check(settings: string | undefined, tenant?: string) {
    const place = mkdtempSync(path.join(tmpdir(), 'check-targets-'));
    const file = path.join(place, 'hooks.yaml');
    writeFileSync(file, hooks);
    const named = path.join(place, 'targets.yaml');
    if (settings !== undefined) writeFileSync(named, settings);
    if (settings !== undefined) vi.stubEnv('HOOKPOOL_TARGETS_FILE', named);
    vi.stubEnv('CHECK_KEY', 'a-key');
    try {
      const said: string[] = [];
      const io = { out: (text: string) => void said.push(text), err: () => undefined };
      const given = tenant === undefined ? {} : { tenant };
      const args = new Arguments({ json: true, static: true, strict: true, ...given }, [file]);
      const code = await checkCommand.run(args, io as unknown as Io);
      const { problems } = JSON.parse(said.join('')) as { problems: { message: string }[] };
      return [code, ...problems.map(({ message }) => message)];
    } finally {
      vi.unstubAllEnvs();
      rmSync(place, { recursive: true });
    }
  }

  test('passes where its target allows it and its secrets are there', async () => {
    expect(await check(targets + secrets, 'acme')).toEqual([0]);
  });

  test('is a problem that says what is missing', async () => {
    expect(await check(targets + secrets)).toEqual([
      64,
      expect.stringMatching(/^No target allows https:\/\/policy\.example\.com .* tenant default/),
    ]);
    expect(await check(targets, 'acme')).toEqual([
      64,
      expect.stringMatching(/^There is no secret "k" for tenant acme .* its failMode, \w+\.$/),
    ]);
  });

  test('is a problem that says how targets are given, where none are', async () => {
    expect(await check(undefined)).toEqual([
      64,
      expect.stringContaining('Name the targets file in HOOKPOOL_TARGETS_FILE'),
    ]);
  });
});
