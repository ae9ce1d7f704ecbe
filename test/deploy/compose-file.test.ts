import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { read, variables, wrongArguments } from './known.ts';

interface Service {
  readonly image: string;
  readonly command: string[];
  readonly environment?: string[];
  readonly depends_on?: string[];
  readonly volumes?: string[];
  readonly networks?: string[];
  readonly [other: string]: unknown;
}

const file = parse(read('docker-compose.yml'), { merge: true }) as {
  readonly services: Record<string, Service>;
  readonly networks: Record<string, { readonly internal?: boolean } | null>;
  readonly volumes: Record<string, unknown>;
};
const services = Object.entries(file.services);
const own = services.filter(([, { image }]) => image.includes('hookpool/app'));

test.each(services)('%s may write nowhere, has no capability and has limits', (_, service) => {
  expect(service).toMatchObject({
    read_only: true,
    cap_drop: ['ALL'],
    security_opt: ['no-new-privileges:true'],
  });
  expect(service).toMatchObject({
    mem_limit: expect.any(String),
    pids_limit: expect.any(Number),
    pull_policy: 'never',
  });
});

test.each(own)(
  '%s is a command of hookpool, with variables that are read',
  (_, { command, environment = [] }) => {
    expect(wrongArguments(command)).toBeUndefined();
    expect(
      environment.map((text) => text.split('=')[0] ?? '').filter((name) => !variables.has(name)),
    ).toEqual([]);
  },
);

test.each(services)(
  'what %s refers to is there',
  (_, { depends_on = [], networks = [], volumes = [] }) => {
    expect(depends_on.filter((name) => !(name in file.services))).toEqual([]);
    expect(networks.filter((name) => !(name in file.networks))).toEqual([]);
    const named = volumes
      .map((text) => text.split(':')[0] ?? '')
      .filter((name) => /^[a-z]+$/.test(name));
    expect(named.filter((name) => !(name in file.volumes))).toEqual([]);
  },
);

test('one service has the socket of the engine and no network; one is published; Redis is reached from inside only', () => {
  const having = (text: string) =>
    services.filter(([, service]) => JSON.stringify(service).includes(text)).map(([name]) => name);
  expect(having('/var/run/docker.sock')).toEqual(['engine-proxy']);
  expect(file.services['engine-proxy']?.['network_mode']).toBe('none');
  expect(having('"ports"')).toEqual(['dispatcher']);
  expect(file.services['redis']?.networks).toEqual(['queue']);
  expect(file.networks['queue']).toEqual({ internal: true });
});

test('only the outbound worker has targets and a way out, and it starts only where it is asked for', () => {
  const having = (text: string) =>
    services.filter(([, service]) => JSON.stringify(service).includes(text)).map(([name]) => name);
  expect(having('targets.yaml')).toEqual(['outbound']);
  expect(having('HOOKPOOL_JUDGES_FILE')).toEqual(['outbound']);
  expect(having('"egress"')).toEqual(['outbound']);
  expect(file.services['worker']?.networks).toEqual(['queue']);
  expect(file.services['outbound']).toMatchObject({
    profiles: ['outbound'],
    command: ['worker', '--outbound'],
    networks: ['queue', 'egress'],
  });
  expect(JSON.stringify(file.services['outbound'])).not.toMatch(/DOCKER_HOST|engine/);
});

test('Redis drops no key to make room, and writes what it takes to its volume', () => {
  expect(file.services['redis']?.command.join(' ')).toContain('--maxmemory-policy noeviction');
  expect(file.services['redis']?.command.join(' ')).toContain('--appendonly yes');
});
