/** The proxy refuses the spec of a hostile worker. */
import { describe, expect, test } from 'vitest';
import { permittedSpec } from '../../../src/sandbox/engine-proxy/permitted-spec.ts';
import { ownerLabel } from '../../../src/sandbox/spec.ts';
import { check, plain, spec, wide } from './checked-specs.ts';

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
