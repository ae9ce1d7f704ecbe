import { readdirSync } from 'node:fs';
import { BlockList, isIPv6 } from 'node:net';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { parse, parseAllDocuments } from 'yaml';
import { answers, read, sources, variables, wrongArguments } from './known.ts';

// biome-ignore lint/suspicious/noExplicitAny: manifests have as many shapes as kinds
type Manifest = any;

const folder = 'deploy/kubernetes';
const files = readdirSync(path.join(import.meta.dirname, '../..', folder)).filter(
  (file) => file !== 'kustomization.yaml',
);
const manifests: Manifest[] = files.flatMap((file) =>
  parseAllDocuments(read(`${folder}/${file}`)).map((document) => document.toJS({}) as Manifest),
);
const ofKind = (kind: string): Manifest[] => manifests.filter((one) => one.kind === kind);
const named = (all: Manifest[]): [string, Manifest][] =>
  all.map((one) => [`${one.kind} ${one.metadata.name}`, one]);

const workloads = [...ofKind('Deployment'), ...ofKind('StatefulSet')];
const containersOf = ({ spec }: Manifest): Manifest[] => [
  ...(spec.template.spec.initContainers ?? []),
  ...spec.template.spec.containers,
];
const containers = workloads.flatMap((one) =>
  containersOf(one).map((container): [string, Manifest, Manifest] => [
    `${one.metadata.name}/${container.name}`,
    container,
    one,
  ]),
);
const isOwn = ({ image }: Manifest) => image.startsWith('hookpool/');

test('every file parses and is listed in kustomization.yaml, or named there as optional', () => {
  expect(
    manifests.filter(
      (one) => typeof one?.kind !== 'string' || typeof one.metadata?.name !== 'string',
    ),
  ).toEqual([]);
  const kustomization = read(`${folder}/kustomization.yaml`);
  expect(files.filter((file) => !kustomization.includes(`- ${file}`))).toEqual([]);
  expect(parse(kustomization).resources.filter((file: string) => !files.includes(file))).toEqual(
    [],
  );
});

test.each(named(workloads))('%s selects its own pods', (_, { spec }) => {
  expect(spec.template.metadata.labels).toMatchObject(spec.selector.matchLabels);
});

test.each(named(ofKind('Service')))('%s leads to a port of a workload', (_, { spec }) => {
  const [target] = workloads.filter(
    (one) => one.spec.template.metadata.labels.app === spec.selector.app,
  );
  const ports = containersOf(target).flatMap(({ ports = [] }) => ports);
  for (const { targetPort, port } of spec.ports)
    expect(ports).toContainEqual({ name: targetPort, containerPort: port });
});

test.each(named(ofKind('NetworkPolicy')))('%s names labels that there are', (_, { spec }) => {
  const labels = workloads.map((one) => one.spec.template.metadata.labels.app);
  const peers = [...(spec.ingress ?? []), ...(spec.egress ?? [])].flatMap(
    ({ from = [], to = [] }: Manifest) => [...from, ...to],
  );
  // Pods of other namespaces are not ours to know.
  const own = peers.filter(({ namespaceSelector }) => namespaceSelector === undefined);
  const named = [spec, ...own].flatMap(({ podSelector }) => podSelector?.matchLabels?.app ?? []);
  expect(named.filter((label) => !labels.includes(label))).toEqual([]);
});

/** Ports to which the pods of a workload may connect beside those of names, by where. */
function waysOut(app: string): [string, unknown][] {
  const mine = ofKind('NetworkPolicy').filter(
    ({ spec }) => spec.podSelector.matchLabels?.app === app,
  );
  return mine.flatMap(({ spec }) =>
    (spec.egress ?? []).flatMap(({ to, ports }: Manifest) =>
      to.map(({ podSelector, ipBlock }: Manifest): [string, unknown] => [
        podSelector?.matchLabels.app ?? ipBlock.cidr,
        ports.map(({ port }: Manifest) => port),
      ]),
    ),
  );
}

/** Go's net package takes an IPv4 address in the notation of IPv6 for one of IPv4. */
function familyInGo(address: string): 'ipv4' | 'ipv6' {
  const mapped = new BlockList();
  mapped.addSubnet('::ffff:0:0', 96, 'ipv6');
  return isIPv6(address) && !mapped.check(address, 'ipv6') ? 'ipv6' : 'ipv4';
}

/** What the API server asks of each `except`: pkg/apis/networking/validation, ValidateIPBlock. */
function isStrictSubset(inner: string, outer: string): boolean {
  const [address = '', bits] = inner.split('/');
  const [whole = '', wholeBits] = outer.split('/');
  const family = familyInGo(whole);
  const block = new BlockList();
  block.addSubnet(whole, Number(wholeBits), family);
  const isOfIt = familyInGo(address) === family && block.check(address, family);
  return isOfIt && Number(bits) > Number(wholeBits);
}

test('every exception of a block of addresses is a strict subset of it', () => {
  const blocks = ofKind('NetworkPolicy').flatMap(({ spec }) =>
    [...(spec.ingress ?? []), ...(spec.egress ?? [])].flatMap(({ from = [], to = [] }: Manifest) =>
      [...from, ...to].flatMap(({ ipBlock }: Manifest) => ipBlock ?? []),
    ),
  );
  const pairs = blocks.flatMap(({ cidr, except = [] }: Manifest) =>
    except.map((inner: string) => [inner, cidr]),
  );
  expect(pairs.length).toBeGreaterThan(10);
  expect(pairs.filter(([inner, outer]: [string, string]) => !isStrictSubset(inner, outer))).toEqual(
    [],
  );
});

test('only outbound workers have a way out, and only they have the secrets of targets', () => {
  const [closed] = ofKind('NetworkPolicy').filter(({ metadata }) => metadata.name === 'closed');
  expect(closed.spec).toEqual({ podSelector: {}, policyTypes: ['Ingress', 'Egress'] });
  const redis = ['hookpool-redis', [6379]];
  expect(waysOut('hookpool-redis')).toEqual([]);
  expect(waysOut('hookpool-dispatcher')).toEqual([redis]);
  // The address stands for the registry of the sandbox image.
  expect(waysOut('hookpool-worker')).toEqual([redis, ['192.0.2.10/32', [443]]]);
  expect(waysOut('hookpool-outbound')).toEqual([redis, ['0.0.0.0/0', [443]], ['::/0', [443]]]);
  const having = (text: string) =>
    workloads.filter((one) => JSON.stringify(one).includes(text)).map((one) => one.metadata.name);
  expect(having('hookpool-targets')).toEqual(['outbound']);
  expect(having('DOCKER_HOST')).toEqual(['worker']);
});

describe.each(containers)('%s', (_, container, workload) => {
  test('mounts volumes that there are, and is probed where it answers', () => {
    const { volumes = [] } = workload.spec.template.spec;
    const claims = (workload.spec.volumeClaimTemplates ?? []).map(
      (claim: Manifest) => claim.metadata,
    );
    const names = [...volumes, ...claims].map((volume: Manifest) => volume.name);
    expect(
      (container.volumeMounts ?? []).filter(({ name }: Manifest) => !names.includes(name)),
    ).toEqual([]);
    const probes = [
      container.startupProbe,
      container.livenessProbe,
      container.readinessProbe,
    ].flatMap((probe) => probe?.httpGet ?? []);
    const ports = (container.ports ?? []).map(({ name }: Manifest) => name);
    expect(
      probes.filter(({ path: place, port }: Manifest) => !answers(place) || !ports.includes(port)),
    ).toEqual([]);
  });
});

// The engine of a worker needs every right, see worker.yaml; the pull ends before a hook is run.
const confined = containers.filter(([, { name }]) => !['engine', 'pull'].includes(name));

test.each(confined)('%s has a limit of memory and no rights but what it needs', (_, container) => {
  expect(container.resources.limits.memory).toMatch(/i$/);
  expect(container.securityContext).toMatchObject({
    readOnlyRootFilesystem: true,
    allowPrivilegeEscalation: false,
    capabilities: { drop: ['ALL'] },
  });
});

describe.each(containers.filter(([, container]) => isOwn(container)))('%s', (_, container) => {
  test('is a command of hookpool with variables that are read', () => {
    expect(wrongArguments(container.args)).toBeUndefined();
    const names = (container.env ?? []).map(({ name }: Manifest) => name);
    expect(names.filter((name: string) => !variables.has(name))).toEqual([]);
  });

  test('listens where its port says, and asks the Redis that there is', () => {
    const values = Object.fromEntries(
      (container.env ?? []).map(({ name, value }: Manifest) => [name, value]),
    );
    const listen = values['HOOKPOOL_LISTEN'] ?? values['HOOKPOOL_WORKER_LISTEN'];
    expect(
      (container.ports ?? []).map(({ containerPort }: Manifest) => `0.0.0.0:${containerPort}`),
    ).toEqual(listen === undefined ? [] : [listen]);
    const redis = values['HOOKPOOL_REDIS_URL'];
    const services = ofKind('Service').map(
      ({ metadata, spec }) => `redis://${metadata.name}:${spec.ports[0].port}`,
    );
    expect(redis === undefined || services.includes(redis)).toBe(true);
  });
});

test('Redis is the one of Compose; the sandbox image is the same wherever it is named', () => {
  const [redis] = ofKind('StatefulSet').flatMap(containersOf);
  expect(read('deploy/setup/app-images.sh')).toContain(redis.image);
  const images = containers.flatMap(([, { env = [] }]) =>
    env.filter(({ name }: Manifest) => name === 'HOOKPOOL_IMAGE'),
  );
  expect(new Set(images.map(({ value }: Manifest) => value)).size).toBe(1);
});

test('workers are scaled by a metric that there is, at an address that there is', () => {
  const [{ spec }] = ofKind('ScaledObject');
  expect(ofKind('Deployment').map(({ metadata }) => metadata.name)).toContain(
    spec.scaleTargetRef.name,
  );
  const [{ metadata, authenticationRef }] = spec.triggers;
  expect(sources('src')).toContain(`'${metadata.valueLocation}'`);
  const url = new URL(metadata.url);
  expect(
    ofKind('Service').map((one) => `${one.metadata.name}.hookpool.svc:${one.spec.ports[0].port}`),
  ).toContain(url.host);
  expect(answers(url.pathname)).toBe(true);
  expect(ofKind('TriggerAuthentication').map((one) => one.metadata.name)).toContain(
    authenticationRef.name,
  );
});
