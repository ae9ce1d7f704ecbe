import { describe, expect, test } from 'vitest';
import type { Engine, EngineInfo } from '../../src/sandbox/engine.ts';
import { examineEngine } from '../../src/sandbox/examine.ts';

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
  const engine = { info: async () => ({ ...docker, ...info }), imageId: async () => 'sha256:1' } as unknown as Engine;
  const findings = await examineEngine(engine, 'image', ociRuntime);
  return findings.flatMap(({ level, name, text }) => (level === 'fail' ? [`${name}: ${text}`] : []));
}

describe('an engine', () => {
  test.each<[string, Partial<EngineInfo>, RegExp[]]>([
    ['that can do everything', {}, []],
    ['without root, on cgroup version 2', { isRootless: true }, []],
    ['without root, on cgroup version 1', { isRootless: true, cgroupVersion: '1' }, [/^engine limits: .*are ignored: rootless/]],
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
