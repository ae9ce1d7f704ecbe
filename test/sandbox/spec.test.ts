import { describe, expect, test } from 'vitest';
import { imageFolder, imageName, readSeccompProfile } from '../../src/sandbox/image.ts';
import { containerSpec, defaultLimits, drawJobUid, pidsLimit } from '../../src/sandbox/spec.ts';

const options = {
  image: 'hookpool/sandbox:test',
  seccompProfile: '{"reviewed":true}',
  limits: defaultLimits,
  jobUid: 268435456,
  labels: { owner: 'me' },
};

describe('the container spec', () => {
  test('is what was reviewed: every change of a flag shows here', () => {
    expect(containerSpec(options)).toMatchSnapshot();
  });

  test('leaves no swap: memory and swap together are the memory limit', () => {
    const { HostConfig } = containerSpec(options);
    expect(HostConfig.MemorySwap).toBe(HostConfig.Memory);
  });

  test('keeps the scratch far below the memory limit, so that a full disk is no OOM kill', () => {
    expect(defaultLimits.scratchBytes * 4).toBeLessThan(defaultLimits.memoryBytes);
  });

  test('names another OCI runtime only when told', () => {
    expect('Runtime' in containerSpec(options).HostConfig).toBe(false);
    expect(containerSpec({ ...options, runtime: 'runsc' }).HostConfig.Runtime).toBe('runsc');
  });

  test.each([
    ['runc', 64],
    ['runsc', 512],
    ['runsc-kvm', 512],
    ['runscope', 64],
  ])('leaves %s %d tasks: those of gVisor itself count as well', (runtime, tasks) => {
    expect(pidsLimit(defaultLimits, runtime)).toBe(tasks);
  });

  test('draws a job user that is neither root nor a person, and hardly ever the same', () => {
    const uids = Array.from({ length: 1000 }, () => drawJobUid());
    expect(Math.min(...uids)).toBeGreaterThanOrEqual(0x1000_0000);
    expect(Math.max(...uids)).toBeLessThan(0x2000_0000);
    expect(new Set(uids).size).toBeGreaterThan(990);
    const narrow = Array.from({ length: 1000 }, () => drawJobUid(true));
    expect(Math.min(...narrow)).toBeGreaterThanOrEqual(10_000);
    expect(Math.max(...narrow)).toBeLessThan(65_534);
  });
});

describe('the seccomp profile', () => {
  const profile = JSON.parse(readSeccompProfile()) as {
    defaultAction: string;
    archMap: { subArchitectures: string[] }[];
    syscalls: { names: string[]; action: string; args?: unknown[] }[];
  };
  const allowed = profile.syscalls
    .filter((rule) => rule.action === 'SCMP_ACT_ALLOW')
    .flatMap((rule) => rule.names);

  test('denies what it does not name, and has no 32-bit door', () => {
    expect(profile.defaultAction).toBe('SCMP_ACT_ERRNO');
    expect(profile.archMap.flatMap((arch) => arch.subArchitectures)).toEqual([]);
    expect(allowed).not.toContain('socketcall');
  });

  test.each([
    'ptrace',
    'process_vm_readv',
    'process_vm_writev',
    'keyctl',
    'add_key',
    'request_key',
    'bpf',
    'perf_event_open',
    'userfaultfd',
    'io_uring_setup',
    'mount',
    'umount2',
    'pivot_root',
    'unshare',
    'setns',
    'init_module',
    'kexec_load',
    'shmget',
    'msgget',
    'semget',
    'mq_open',
    'open_by_handle_at',
    'setxattr',
    'reboot',
    'settimeofday',
    'clock_settime',
    'sethostname',
    'flock',
  ])('does not allow %s', (name) => {
    expect(allowed).not.toContain(name);
  });

  test('allows sockets of the unix family only, by argument', () => {
    const rules = profile.syscalls.filter((rule) => rule.names.includes('socket'));
    expect(rules).toHaveLength(1);
    expect(rules[0]?.args).toEqual([{ index: 0, value: 1, op: 'SCMP_CMP_EQ' }]);
  });
});

test('the image is named by the content of its folder', () => {
  expect(imageName(imageFolder)).toMatch(/^hookpool\/sandbox:[0-9a-f]{12}$/);
  expect(imageName(imageFolder)).not.toBe(imageName(import.meta.dirname));
});
