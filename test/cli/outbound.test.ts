// biome-ignore-all lint/suspicious/noTemplateCurlyInString: placeholders are written so
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openHttpHooks } from '../../src/cli/outbound.ts';
import { evaluate } from '../../src/dispatch/dispatcher.ts';
import { parseHooksFile } from '../../src/files/hooks-file.ts';
import { auditRecord } from '../../src/server/audit-record.ts';
import { certificate, certificateKey } from '../outbound/certificate.ts';
import { HostileServers } from '../outbound/hostile-servers.ts';

const variables = ['HOOKPOOL_TARGETS_FILE', 'PLANTED_SECRET'];
const planted = 'planted-secret-77aa';
const plantedAnswer = 'planted-answer-88bb';
let folder: string;
let servers: HostileServers;
const file = (name: string, text: string) => {
  const place = path.join(folder, name);
  writeFileSync(place, text);
  return place;
};

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'hookpool-targets-'));
  servers = new HostileServers();
});
afterEach(async () => {
  for (const name of variables) delete process.env[name];
  rmSync(folder, { recursive: true });
  await servers.close();
});

it('without a targets file there are no http hooks', async () => {
  expect(await openHttpHooks()).toBeUndefined();
});

it('a hook asks its target over TLS, and neither key nor query nor body stands in the record', async () => {
  let got = '';
  const port = await servers.serve(
    (socket) =>
      socket.on('data', (chunk) => {
        got += chunk;
        const body = `{"flagged":true,"why":"policy 7","more":"${plantedAnswer}"}`;
        socket.end(`HTTP/1.1 200 OK\r\nContent-Length: ${body.length}\r\n\r\n${body}`);
      }),
    { key: certificateKey, cert: certificate },
  );
  process.env['PLANTED_SECRET'] = `${planted}\n`;
  process.env['HOOKPOOL_TARGETS_FILE'] = file(
    'targets.yaml',
    `targets:\n  t: {hosts: [127.0.0.1], ports: [${port}], private: [127.0.0.0/8], tenants: [default], caFile: ${file('ca.pem', certificate)}}\nsecrets:\n  k: {keyEnv: PLANTED_SECRET, hosts: [127.0.0.1], tenants: ["*"]}\n`,
  );
  const set = parseHooksFile(
    'h',
    `hooks: {Stop: [{type: http, url: "https://127.0.0.1:${port}/v1?q=${planted}", headers: {X-Key: "\${secret:k}"}, payload: {a: "\${planted}"}, verdict: {block: /flagged, reason: /why}}]}`,
  );
  const hooks = set.hooks.map(({ hook }) => hook);
  const context = Buffer.from(JSON.stringify({ hook_event_name: 'Stop', planted }));
  const http = await openHttpHooks();
  const noScript = () => Promise.reject(new Error('no script'));
  const request = { dialect: set.dialect, hooks, context };
  const decision = await evaluate(request, noScript, { http });
  expect(decision).toMatchObject({ decision: 'block', reason: 'policy 7' });
  expect(got).toContain(`x-key: ${planted}\r\n`);
  const record = auditRecord(
    {
      ...{ id: 'i', requestId: 'r', tenant: 'default', contextSha256: '', contextBytes: 0 },
      ...{ context: undefined, hooks },
    },
    decision,
    hooks,
  );
  expect(record.hooks).toMatchObject([
    { kind: 'http', url: `https://127.0.0.1:${port}/v1`, asked: { status: 200, path: '/v1' } },
  ]);
  expect(JSON.stringify(record)).not.toContain(planted);
  expect(JSON.stringify(record)).not.toContain(plantedAnswer);
  expect(JSON.stringify(decision)).not.toContain(planted);
});

describe('a targets file is refused whole for', () => {
  const target = 'hosts: [a.test], tenants: ["*"]';
  it.each([
    ['a wrong key', `targets: {t: {${target}, redirects: 1}}`, 'targets.yaml:1:'],
    [
      'a file of authorities that is not there',
      `targets: {t: {${target}, caFile: /nope}}`,
      '/nope',
    ],
    [
      'a secret that is not set',
      `targets: {}\nsecrets: {k: {keyEnv: PLANTED_SECRET, ${target}}}`,
      'The secret k is empty or not set',
    ],
    [
      'a secret whose file is not there',
      `targets: {}\nsecrets: {k: {keyFile: /nope, ${target}}}`,
      'The secret k cannot be read',
    ],
  ])('%s', async (_, text, message) => {
    process.env['HOOKPOOL_TARGETS_FILE'] = file('targets.yaml', text);
    const error = await openHttpHooks().catch((thrown: Error) => thrown);
    expect(error).toMatchObject({ code: 'INVALID_CONFIG' });
    expect((error as Error).message).toContain(message);
  });

  it('an empty name', async () => {
    process.env['HOOKPOOL_TARGETS_FILE'] = '';
    await expect(openHttpHooks()).rejects.toMatchObject({ code: 'INVALID_CONFIG' });
  });
});
