import { describe, expect, test } from 'vitest';
import { askedWorkspace, permittedSpec } from '../../../src/sandbox/engine-proxy/permitted-spec.ts';
import { containerSpec, drawJobUid, ownerLabel } from '../../../src/sandbox/spec.ts';
import {
  bigLimits,
  check,
  type Json,
  labels,
  other,
  plain,
  settings,
  spec,
  wide,
} from './checked-specs.ts';

/** Every place of a value, as the container that holds it and the key in it. */
function places(holder: Json, path: string[] = []): string[][] {
  if (typeof holder !== 'object' || holder === null) return [];
  return Object.entries(holder).flatMap(([key, value]) => [
    [...path, key],
    ...places(value, [...path, key]),
  ]);
}

function holderOf(root: Json, path: string[]): Record<string, Json> {
  return path
    .slice(0, -1)
    .reduce<Json>((at, key) => (at as Record<string, Json>)[key] as Json, root) as Record<
    string,
    Json
  >;
}

describe('the spec of our own pool', () => {
  test('is permitted, and sent in our own words', () => {
    expect(permittedSpec(JSON.stringify(spec), wide)).toEqual(spec);
  });

  test('is permitted with any user that a pool draws', () => {
    for (let round = 0; round < 100; round++) {
      const jobUid = drawJobUid();
      expect(
        permittedSpec(JSON.stringify(containerSpec({ ...settings, jobUid, labels })), wide).Cmd,
      ).toEqual([String(jobUid)]);
    }
  });

  test('is permitted in a user namespace with the users that there are, and only with those', () => {
    const narrow = { ...wide, narrow: true };
    const inside = containerSpec({ ...settings, jobUid: drawJobUid(true), labels });
    expect(permittedSpec(JSON.stringify(inside), narrow)).toEqual(inside);
    expect(check(inside)).toThrow('Cmd of');
    expect(check(spec, narrow)).toThrow('Cmd of');
  });

  test('is permitted in any order of its fields', () => {
    const turned = Object.fromEntries(Object.entries(plain()).toReversed());
    expect(check(turned)()).toEqual(spec);
  });

  test('is permitted for each profile with its own limits, and for none with those of another', () => {
    const [small, full] = wide.profiles as [typeof settings, typeof settings];
    const of = (image: string, limits: typeof bigLimits) =>
      containerSpec({ ...settings, image, limits, jobUid: 0x1234_5678, labels });
    const big = of(full.image, full.limits);
    expect(check(big)()).toEqual(big);
    expect(check(of(full.image, small.limits))).toThrow('HostConfig.Memory of');
    expect(check(of(small.image, full.limits))).toThrow('HostConfig.Memory of');
    expect(check(of('another', small.limits))).toThrow('Image of');
  });

  test('is refused where the settings differ', () => {
    expect(check(spec, { ...wide, profiles: [{ ...settings, image: 'other' }] })).toThrow(
      'Image of',
    );
    expect(check(spec, { ...wide, profiles: [{ ...settings, limits: bigLimits }] })).toThrow(
      'HostConfig.Memory of',
    );
    const runtime = containerSpec({ ...settings, jobUid: 0x1234_5678, labels, runtime: 'other' });
    expect(check(runtime)).toThrow('HostConfig.Runtime of');
  });
});

describe('every field of the spec', () => {
  const all = places(plain());

  test('is among the tried ones', () => expect(all.length).toBeGreaterThan(80));

  test.each(Object.keys(other))('is refused as %s', (kind) => {
    for (const path of all) {
      const changed = plain();
      const holder = holderOf(changed, path);
      const key = path.at(-1) ?? '';
      const value = other[kind]?.(holder[key] ?? null) ?? null;
      // A user's name may differ, as long as it is one.
      if (path.join('.') === `Labels.${ownerLabel}` && kind === 'of another value') continue;
      holder[key] = value;
      expect(check(changed), `${path.join('.')} = ${JSON.stringify(value)}`).toThrow(
        'of the container spec',
      );
    }
  });

  test('is missed when it is left out', () => {
    for (const path of all) {
      const changed = plain();
      const holder = holderOf(changed, path);
      if (Array.isArray(holder)) holder.splice(Number(path.at(-1)), 1);
      else delete holder[path.at(-1) ?? ''];
      expect(check(changed), path.join('.')).toThrow('of the container spec');
    }
  });

  test('is refused beside one that we do not send', () => {
    const holders = [[], ...all].filter(
      (path) => typeof path.reduce<Json>((at, key) => Object(at)[key], plain()) === 'object',
    );
    for (const path of holders) {
      const changed = plain();
      const holder = path.reduce<Json>((at, key) => Object(at)[key], changed);
      if (Array.isArray(holder)) holder.push('SYS_ADMIN');
      else (holder as Record<string, Json>)['Extra'] = 1;
      expect(check(changed), path.join('.')).toThrow('of the container spec');
    }
  });
});

describe('a workspace', () => {
  const mounted = (workspace: string) => ({
    ...plain(),
    ...containerSpec({ ...settings, jobUid: 0x1234_5678, labels, workspace }),
  });

  test('is asked for by its path, and only in one place', () => {
    expect(askedWorkspace(JSON.stringify(mounted('/src/app')))).toBe('/src/app');
    const others = [
      spec,
      { HostConfig: { Mounts: [{ Source: 7 }] } },
      { HostConfig: { Mounts: {} } },
    ];
    expect(others.map((one) => askedWorkspace(JSON.stringify(one)))).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
  });

  test('is mounted when the proxy has it, as the proxy mounts it', () => {
    const its = { ...wide, workspace: '/src/app' };
    expect(check(mounted('/src/app'), its)()).toEqual(mounted('/src/app'));
    const [mount] = mounted('/src/app').HostConfig.Mounts ?? [];
    for (const change of [
      { Source: '/src/app/' },
      { Target: '/opt/hookpool' },
      { ReadOnly: false },
      { Type: 'volume' },
      { BindOptions: { Propagation: 'rshared', NonRecursive: true } },
      { BindOptions: { Propagation: 'rprivate' } },
    ]) {
      const changed = mounted('/src/app');
      const HostConfig = { ...changed.HostConfig, Mounts: [{ ...mount, ...change }] };
      expect(check({ ...changed, HostConfig }, its)).toThrow('HostConfig.Mounts.0.');
    }
    const twice = mounted('/src/app');
    const HostConfig = { ...twice.HostConfig, Mounts: [mount, mount] };
    expect(check({ ...twice, HostConfig }, its)).toThrow('HostConfig.Mounts.1 of');
  });

  test('is refused when the proxy does not have it, and so is a sandbox with sockets in it', () => {
    expect(check(mounted('/src/app'))).toThrow('of the container spec');
    const its = { ...wide, workspace: '/src/app' };
    const { SecurityOpt } = spec.HostConfig;
    const open = { ...mounted('/src/app').HostConfig, SecurityOpt };
    expect(check({ ...mounted('/src/app'), HostConfig: open }, its)).toThrow('SecurityOpt.1 of');
  });
});
