import { describe, expect, test } from 'vitest';
import { permittedSpec } from '../../../src/sandbox/engine-proxy/permitted-spec.ts';
import { readSeccompProfile } from '../../../src/sandbox/image.ts';
import {
  containerSpec,
  defaultProfile,
  drawJobUid,
  ownerLabel,
} from '../../../src/sandbox/spec.ts';

const settings = {
  image: 'hookpool/sandbox:test',
  seccompProfile: readSeccompProfile(),
  profile: defaultProfile,
};
const labels = { [ownerLabel]: 'worker-1.example:4711' };
const spec = containerSpec({ ...settings, jobUid: 0x1234_5678, labels });
const wide = { ...settings, runtime: undefined, narrow: false };

type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
const plain = () => JSON.parse(JSON.stringify(spec)) as Record<string, Json>;

function check(value: unknown, its = wide) {
  return () => permittedSpec(JSON.stringify(value), its);
}

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

const other: Readonly<Record<string, (value: Json) => Json>> = {
  'of another value': (value) => {
    if (typeof value === 'boolean') return !value;
    if (typeof value === 'number') return value + 1;
    return typeof value === 'string' ? `${value}x` : null;
  },
  null: () => null,
  'an empty object': (value) => (JSON.stringify(value) === '{}' ? [] : {}),
  'the number 0': (value) => (value === 0 ? '0' : 0),
  'an empty text': (value) => (value === '' ? ' ' : ''),
};

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

  test('is refused where the settings differ', () => {
    expect(check(spec, { ...wide, image: 'other' })).toThrow('Image of');
    expect(
      check(spec, { ...wide, profile: { ...defaultProfile, memoryBytes: 512 << 20 } }),
    ).toThrow('HostConfig.Memory of');
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

describe('a hostile spec', () => {
  const host = (change: object) => ({ ...plain(), HostConfig: { ...spec.HostConfig, ...change } });

  test.each<[string, unknown, string]>([
    ['privileged', host({ Privileged: true }), 'HostConfig.Privileged'],
    ['the host as a volume', host({ Binds: ['/:/host'] }), 'HostConfig.Binds.0'],
    [
      'the host as a mount',
      host({ Mounts: [{ Type: 'bind', Source: '/', Target: '/host' }] }),
      'HostConfig.Mounts',
    ],
    ['the network of the host', host({ NetworkMode: 'host' }), 'HostConfig.NetworkMode'],
    ['the processes of the host', host({ PidMode: 'host' }), 'HostConfig.PidMode'],
    ['the users of the host', host({ UsernsMode: 'host' }), 'HostConfig.UsernsMode'],
    [
      'a capability',
      host({ CapAdd: ['KILL', 'SETGID', 'SETUID', 'SYS_ADMIN'] }),
      'HostConfig.CapAdd.3',
    ],
    ['a device', host({ Devices: [{ PathOnHost: '/dev/sda' }] }), 'HostConfig.Devices'],
    ['a device rule', host({ DeviceCgroupRules: ['a *:* rwm'] }), 'HostConfig.DeviceCgroupRules'],
    [
      'no seccomp',
      host({ SecurityOpt: ['no-new-privileges:true', 'seccomp=unconfined'] }),
      'HostConfig.SecurityOpt.1',
    ],
    ['volumes of another container', host({ VolumesFrom: ['other'] }), 'HostConfig.VolumesFrom'],
    ['a cgroup parent', host({ CgroupParent: '/' }), 'HostConfig.CgroupParent'],
    ['another program', { ...plain(), Entrypoint: ['/bin/sh'] }, 'Entrypoint.0'],
    ['another image', { ...plain(), Image: 'debian' }, 'Image'],
    ['a variable', { ...plain(), Env: ['LD_PRELOAD=/tmp/x'] }, 'Env.0'],
    ['root as the job user', { ...plain(), Cmd: ['0'] }, 'Cmd'],
    ['a user of the host', { ...plain(), Cmd: ['1000'] }, 'Cmd'],
    ['a user in hexadecimal', { ...plain(), Cmd: ['0x12345678'] }, 'Cmd.0'],
    ['a user with a fraction', { ...plain(), Cmd: ['305419896.5'] }, 'Cmd'],
    ['a user as a number', { ...plain(), Cmd: [0x1234_5678] }, 'Cmd.0'],
    ['a user in a list', { ...plain(), Cmd: [['305419896']] }, 'Cmd.0'],
    ['a further argument', { ...plain(), Cmd: ['305419896', '--x'] }, 'Cmd.1'],
    ['no command', { ...plain(), Cmd: undefined }, 'Cmd'],
    [
      'a label of its own',
      { ...plain(), Labels: { ...spec.Labels, 'com.example': '1' } },
      'Labels.com.example',
    ],
    [
      'an owner with a line break',
      { ...plain(), Labels: { ...spec.Labels, [ownerLabel]: 'a:1\n' } },
      `Labels.${ownerLabel}`,
    ],
    [
      'an owner without end',
      { ...plain(), Labels: { ...spec.Labels, [ownerLabel]: `${'a'.repeat(300)}:1` } },
      `Labels.${ownerLabel}`,
    ],
    ['a list', [plain()], 'Cmd'],
    ['nothing', null, 'Cmd'],
    ['a text', 'spec', 'Cmd'],
  ])('with %s is refused, and the field named', (_, value, field) => {
    expect(check(value)).toThrow(
      expect.objectContaining({
        status: 403,
        message: expect.stringMatching(`^${field.replaceAll('.', '\\.')} of `),
      }),
    );
  });

  test.each([
    [
      'a key that comes twice',
      JSON.stringify(spec).replace('"Privileged":false', '"Privileged":true,"Privileged":false'),
    ],
    [
      'a whole HostConfig that comes twice',
      JSON.stringify(spec).replace(
        '"HostConfig":',
        '"HostConfig":{"Privileged":true},"HostConfig":',
      ),
    ],
    [
      'an escaped key',
      JSON.stringify(spec).replace(
        '"Privileged":false',
        '"Privileged":false,"\\u0050rivileged":false',
      ),
    ],
    [
      'a number in another spelling',
      JSON.stringify(spec).replace('"PidsLimit":64', '"PidsLimit":6.4e1'),
    ],
    ['spaces', JSON.stringify(spec, null, 1)],
    ['a comment', `${JSON.stringify(spec)}// more`],
    ['a second text', JSON.stringify(spec).repeat(2)],
    ['no JSON', 'Privileged'],
    ['nothing', ''],
    ['a depth that overflows', `${'['.repeat(60_000)}${']'.repeat(60_000)}`],
    ['a byte order mark', `\ufeff${JSON.stringify(spec)}x`],
  ])('with %s is refused', (_, body) => {
    expect(() => permittedSpec(body, wide)).toThrow(
      expect.objectContaining({ status: 403, message: expect.stringContaining('compact JSON') }),
    );
  });

  test.each(['__proto__', 'constructor', 'toString'])(
    'with a field %s is refused at any place',
    (key) => {
      for (const place of ['{"Image"', '"HostConfig":{', '"Labels":{', '"Tmpfs":{']) {
        const extra = `"${key}":{"Privileged":true},`;
        const body = JSON.stringify(spec).replace(
          place,
          place.startsWith('{') ? `{${extra}"Image"` : `${place}${extra}`,
        );
        expect(() => permittedSpec(body, wide), place).toThrow(`${key} of the container spec`);
      }
    },
  );

  test('never gets its values into the message', () => {
    expect(check({ ...plain(), Image: 'secret' })).toThrow(
      expect.objectContaining({ message: expect.not.stringContaining('secret') }),
    );
    const long = { ...plain(), ['k'.repeat(5_000)]: 1 };
    expect(check(long)).toThrow(
      expect.objectContaining({ message: expect.stringMatching(/^.{0,400}$/) }),
    );
  });
});
