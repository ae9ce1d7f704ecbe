import { expect, it } from 'vitest';
import { parseSettings } from '../../src/files/settings-file.ts';
import { outboundSettingsSchema } from '../../src/outbound/settings.ts';

const read = (text: string) => parseSettings('targets.yaml', text, outboundSettingsSchema);
const problemIn = (text: string) => {
  try {
    read(text);
    return 'none';
  } catch (error) {
    return (error as Error).message;
  }
};

it('a targets file is read with its defaults', () => {
  const { targets, secrets } = read(
    'targets:\n  policy:\n    hosts: ["*.example.com"]\n    tenants: [acme]\n',
  );
  expect(targets['policy']).toMatchObject({ plain: false, path: '/', private: [], trusted: false });
  expect(secrets).toEqual({});
});

it.each([
  ['hosts: [a.test]\n    tenants: []', '4:14: targets.t.tenants: must name a tenant, or "*".'],
  [
    'hosts: [https://a.test]\n    tenants: ["*"]',
    '3:13: targets.t.hosts.0: must be a host such as',
  ],
  ['hosts: [A.test]\n    tenants: ["*"]', '3:13: targets.t.hosts.0: must be a host'],
  ['hosts: ["*"]\n    tenants: ["*"]', '3:13: targets.t.hosts.0: must be a host'],
  ['hosts: [a.test]\n    tenants: ["*"]\n    redirects: 3', '5:5: Unknown key "redirects"'],
  ['hosts: [a.test]\n    tenants: ["*"]\n    private: [0.0.0.0/0]', 'opens every address'],
  ['hosts: [a.test]\n    tenants: ["*"]\n    private: [169.254.0.0/16]', 'can never be opened'],
  ['hosts: [a.test]\n    tenants: ["*"]\n    ports: [0]', '5:13: targets.t.ports.0: '],
  ['hosts: [a.test]\n    tenants: ["*"]\n    path: v1', 'must begin with a slash'],
])('%s is refused with its place', (target, text) => {
  expect(problemIn(`targets:\n  t:\n    ${target}\n`)).toContain('targets.yaml:');
  expect(problemIn(`targets:\n  t:\n    ${target}\n`)).toContain(text);
});

it.each([
  ['key: hush-5f2c', '6:5: Unknown key "key"'],
  ['keyFile: a\n    keyEnv: B', 'needs either keyFile or keyEnv'],
  ['tenants: [hush 5f2c]', 'must be the name of a tenant'],
])('a secret with %s is refused, and no value is quoted', (entry, text) => {
  const file = `targets: {}\nsecrets:\n  s:\n    hosts: [a.test]\n    tenants: [a]\n    ${entry}\n`;
  const named = entry.startsWith('tenants') ? file.replace('    tenants: [a]\n', '') : file;
  expect(problemIn(named)).toContain(text);
  expect(problemIn(named)).not.toMatch(/hush.5f2c/);
});
