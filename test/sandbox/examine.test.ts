import { describe, expect, test } from 'vitest';
import { emptyRun } from '../../src/protocol/run.ts';
import type { Engine, EngineInfo } from '../../src/sandbox/engine.ts';
import { examineEngine, probeLimits } from '../../src/sandbox/examine.ts';
import type { Pool } from '../../src/sandbox/pool.ts';
import { defaultLimits } from '../../src/sandbox/spec.ts';

const docker: EngineInfo = {
  isPodman: false,
  isRootless: false,
  version: '28.0.0',
  apiVersion: '1.48',
  operatingSystem: 'Debian GNU/Linux',
  cgroupVersion: '2',
  defaultRuntime: 'runc',
  runtimes: ['runc'],
  securityOptions: ['name=seccomp,profile=builtin'],
  memoryLimit: true,
  swapLimit: true,
  pidsLimit: true,
};

async function failing(info: Partial<EngineInfo>, ociRuntime?: string): Promise<string[]> {
  const engine = {
    info: async () => ({ ...docker, ...info }),
    image: async () => ({ id: 'sha256:1', sizeBytes: 1 }),
  } as unknown as Engine;
  const findings = await examineEngine(engine, 'image', ociRuntime);
  return findings.flatMap(({ level, name, text }) =>
    level === 'fail' ? [`${name}: ${text}`] : [],
  );
}

describe('an engine', () => {
  test.each<[string, Partial<EngineInfo>, RegExp[]]>([
    ['that can do everything', {}, []],
    ['without root, on cgroup version 2', { isRootless: true }, []],
    [
      'without root, on cgroup version 1',
      { isRootless: true, cgroupVersion: '1' },
      [/^engine limits: .*are ignored: rootless/],
    ],
    ['that cannot limit tasks', { pidsLimit: false }, [/^engine limits: the engine cannot/]],
    ['without seccomp', { securityOptions: [] }, [/^seccomp/]],
    ['that is Podman', { isPodman: true }, [/^podman: .*nr_inodes.*seccomp/]],
  ])('%s is told what it lacks', async (_, info, wanted) => {
    const found = await failing(info);
    expect(found).toHaveLength(wanted.length);
    for (const [index, pattern] of wanted.entries()) expect(found[index]).toMatch(pattern);
  });

  test('that does not know the wanted runtime fails by its name', async () => {
    expect(await failing({}, 'runsc')).toEqual(['runtime: runsc is not registered']);
  });
});

describe('a sandbox', () => {
  /** In which every script prints the same. */
  const poolSaying = (text: string) => {
    const run = async () => ({ ...emptyRun('exited'), exitCode: 0, stdout: Buffer.from(text) });
    return { acquire: async () => ({ run, release: () => undefined }) } as unknown as Pool;
  };
  const levelOf = async (name: string, said: string) =>
    (await probeLimits(poolSaying(said), defaultLimits)).find((one) => one.name === name)?.level;

  test('whose kernel hands crashes to a program is told so as a warning', async () => {
    expect(await levelOf('core pattern', '|/usr/share/apport/apport %p')).toBe('warn');
    expect(await levelOf('core pattern', 'ok')).toBe('ok');
  });

  test.each(['terminals', 'core limit', 'seccomp filter'])(
    'in which the limit of "%s" does not hold is a failure',
    async (name) => {
      expect(await levelOf(name, 'bad')).toBe('fail');
      expect(await levelOf(name, 'ok')).toBe('ok');
    },
  );
});
