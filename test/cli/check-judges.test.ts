/** What `hookpool check` says of prompt and agent hooks. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, test, vi } from 'vitest';
import { checkCommand } from '../../src/cli/check.ts';
import { Arguments, type Io } from '../../src/cli/command.ts';

describe('a prompt hook in check --strict', () => {
  const hooks =
    'hooks:\n  Stop:\n    - {type: prompt, prompt: p, model: fast}\n    - {type: agent, prompt: p, model: small}\n';
  const judges =
    'judges: {fast: {format: azure, baseUrl: "https://a.test", model: m, tenants: [acme], aliases: [small]}}\n';

  async function check(settings: string | undefined, tenant?: string) {
    const place = mkdtempSync(path.join(tmpdir(), 'check-judges-'));
    const file = path.join(place, 'hooks.yaml');
    writeFileSync(file, hooks);
    const named = path.join(place, 'judges.yaml');
    if (settings !== undefined) writeFileSync(named, settings);
    if (settings !== undefined) vi.stubEnv('HOOKPOOL_JUDGES_FILE', named);
    try {
      const said: string[] = [];
      const io = { out: (text: string) => void said.push(text), err: () => undefined };
      const given = tenant === undefined ? {} : { tenant };
      const args = new Arguments({ json: true, static: true, strict: true, ...given }, [file]);
      const code = await checkCommand.run(args, io as unknown as Io);
      const { problems } = JSON.parse(said.join('')) as {
        problems: { line: number; message: string }[];
      };
      return [code, ...problems.map(({ line, message }) => `${line}: ${message}`)];
    } finally {
      vi.unstubAllEnvs();
      rmSync(place, { recursive: true });
    }
  }

  test('passes where its tenant has the judge, by name or alias', async () => {
    expect(await check(judges, 'acme')).toEqual([0]);
  });

  test('is a problem where only another tenant has it', async () => {
    expect(await check(judges)).toEqual([
      64,
      expect.stringMatching(
        /^3: There is no judge "fast" for tenant default.* its failMode, \w+\.$/,
      ),
      expect.stringMatching(
        /^4: There is no judge "small" for tenant default.* its failMode, \w+\.$/,
      ),
    ]);
  });

  test('is a problem that says how judges are given, where none are', async () => {
    const [code, ...problems] = await check(undefined);
    expect(code).toBe(64);
    expect(problems).toEqual(
      [3, 4].map((line) =>
        expect.stringMatching(
          new RegExp(`^${line}: .*Name the judges file in HOOKPOOL_JUDGES_FILE`),
        ),
      ),
    );
  });
});
