import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { Secrets } from '../../src/outbound/secrets.ts';

const value = 'planted-5f2c';
const sources = {
  readFile: (file: string) =>
    file === 'key' ? Promise.resolve(`${value}\n`) : Promise.reject(new Error(`no ${value}`)),
  variable: (name: string) => ({ KEY: value, EMPTY: '', LINES: `${value}\n${value}` })[name],
};
const bound = { tenants: ['acme'], hosts: ['policy.example.com', '*.inside.example'] };
const load = (entry: Readonly<Record<string, unknown>>) =>
  Secrets.load({ policy: { ...bound, ...entry } }, sources);

describe('a secret', () => {
  it.each([{ keyFile: 'key' }, { keyEnv: 'KEY' }])('is read from %j', async (entry) => {
    const secrets = await load(entry);
    expect(secrets.valueFor('policy', 'acme', 'policy.example.com')).toBe(value);
    expect(secrets.valueFor('policy', 'acme', 'a.inside.example')).toBe(value);
  });

  it.each([
    ['another name', 'other', 'acme', 'policy.example.com'],
    ['another tenant', 'policy', 'other', 'policy.example.com'],
    ['another host', 'policy', 'acme', 'evil.example.com'],
  ])('is not there for %s, and the text is the same', async (_, name, tenant, host) => {
    const secrets = await load({ keyEnv: 'KEY' });
    expect(() => secrets.valueFor(name, tenant, host)).toThrow(
      `There is no secret "${name}" for tenant ${tenant} and host ${host}: `,
    );
    expect(() => secrets.valueFor(name, tenant, host)).toThrow(
      expect.objectContaining({ code: 'SECRET_MISSING' }),
    );
  });

  it.each([
    [{ keyEnv: 'EMPTY' }, 'is empty or not set'],
    [{ keyEnv: 'NONE' }, 'is empty or not set'],
    [{ keyEnv: 'LINES' }, 'has several lines'],
    [{ keyFile: 'gone' }, 'cannot be read: gone is no file'],
  ])('that is %j is refused without its value', async (entry, text) => {
    const error = await load(entry).catch((thrown: Error) => thrown);
    expect(error).toMatchObject({ code: 'INVALID_CONFIG' });
    expect((error as Error).message).toContain(text);
    expect((error as Error).message).not.toContain(value);
  });

  it('is not shown by what prints objects', async () => {
    const secrets = await load({ keyEnv: 'KEY' });
    const printed = [inspect(secrets, { depth: 9, showHidden: true }), JSON.stringify({ secrets })];
    expect(printed.join()).not.toContain(value);
  });
});
