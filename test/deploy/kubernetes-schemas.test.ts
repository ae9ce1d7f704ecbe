/**
 * Every manifest against the schemas of Kubernetes' API. These permit unknown fields, as clients of
 * later versions send them, so the test also looks which fields the schema asked for.
 */
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { Deployment } from 'kubernetes-models/apps/v1/Deployment';
import { StatefulSet } from 'kubernetes-models/apps/v1/StatefulSet';
import { NetworkPolicy } from 'kubernetes-models/networking.k8s.io/v1/NetworkPolicy';
import { Namespace } from 'kubernetes-models/v1/Namespace';
import { Service } from 'kubernetes-models/v1/Service';
import { describe, expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { read } from './known.ts';

interface Manifest {
  readonly apiVersion: string;
  readonly kind: 'Deployment' | 'Namespace' | 'NetworkPolicy' | 'Service' | 'StatefulSet';
  readonly metadata: { readonly name: string };
}

interface Model {
  /** @throws Error with every problem. */
  validate(): void;
}

const folder = 'deploy/kubernetes';
/** Kinds of KEDA and of kustomize, which are not the API's. */
const foreign = ['keda.sh/v1alpha1', 'kustomize.config.k8s.io/v1beta1'];
const files = readdirSync(path.join(import.meta.dirname, '../..', folder));
const manifests = files
  .flatMap((file) => parseAllDocuments(read(`${folder}/${file}`)))
  .map((document) => document.toJS() as Manifest)
  .filter(({ apiVersion }) => !foreign.includes(apiVersion));

/** The first takes 250 ms and 13 MB, and each further one 1 ms. */
const models = { Deployment, Namespace, NetworkPolicy, Service, StatefulSet };

/** What is wrong with a manifest, and fields of it that no schema asks for. */
function problemsOf(manifest: Manifest): string[] {
  const unread = new Set<string>();
  const { prototype } = models[manifest.kind];
  const watched = watch(manifest, '', unread, Object.create(prototype)) as Model;
  try {
    watched.validate();
    return [...unread];
  } catch (error) {
    return [String(error), ...unread];
  }
}

/** A copy that takes each field off the list when it is asked for by its name. */
function watch(
  value: unknown,
  at: string,
  unread: Set<string>,
  copy: object = Array.isArray(value) ? [] : {},
): unknown {
  if (typeof value !== 'object' || value === null) return value;
  for (const [name, child] of Object.entries(value)) {
    const place = `${at}/${name}`;
    if (!Array.isArray(value)) unread.add(`${place} is no field`);
    Object.assign(copy, { [name]: watch(child, place, unread) });
  }
  return new Proxy(copy, {
    get: (target, name) => {
      unread.delete(`${at}/${String(name)} is no field`);
      return Reflect.get(target, name);
    },
  });
}

describe('a manifest is one by the schemas of the API:', () => {
  it.each(manifests.map((one) => [`${one.kind} ${one.metadata.name}`, one] as const))(
    '%s',
    (_, manifest) => {
      expect(problemsOf(manifest)).toEqual([]);
    },
  );
});

describe('the schemas notice', () => {
  const [deployment] = manifests.filter(({ kind }) => kind === 'Deployment');
  const broken = (from: string, to: string) =>
    problemsOf(JSON.parse(JSON.stringify(deployment).replace(from, to)) as Manifest);

  it('a field that there is not', () => {
    expect(broken('"livenessProbe"', '"livenesProbe"')).toEqual([
      expect.stringContaining('/livenesProbe is no field'),
      expect.stringContaining('/livenesProbe/httpGet is no field'),
      expect.stringContaining('/path is no field'),
      expect.stringContaining('/port is no field'),
      expect.stringContaining('/periodSeconds is no field'),
    ]);
  });

  it('a value of another type', () => {
    expect(broken('"containerPort":4665', '"containerPort":"4665"')).toEqual([
      expect.stringContaining('containerPort must be integer'),
    ]);
  });
});
