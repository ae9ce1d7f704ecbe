/**
 * The confinement of a process as reviewable text: one line per fact, without values that differ
 * between machines.
 */
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';

/**
 * Runs as a job, under either interpreter; prints the files of /proc/self that postureOf() reads,
 * as JSON.
 */
export const collector = `
import json, os, stat
def text(name): return open('/proc/self/' + name).read()
def target(name):
    try: return os.readlink('/proc/self/fd/' + name)
    except OSError: return None
kinds = {stat.S_IFCHR: 'character', stat.S_IFBLK: 'block', stat.S_IFDIR: 'folder', stat.S_IFLNK: 'link'}
print(json.dumps({
    'status': text('status'), 'limits': text('limits'), 'mountinfo': text('mountinfo'), 'cgroup': text('cgroup'),
    'environ': text('environ'),
    'fds': {name: target(name) for name in os.listdir('/proc/self/fd') if target(name) is not None},
    'devices': {name: kinds.get(stat.S_IFMT(os.lstat('/dev/' + name).st_mode), 'file') for name in os.listdir('/dev')},
    'oom': text('oom_score_adj').strip(), 'nice': os.getpriority(os.PRIO_PROCESS, 0), 'cwd': os.getcwd(),
}))`;

export interface Collected {
  readonly status: string;
  readonly limits: string;
  readonly mountinfo: string;
  readonly cgroup: string;
  readonly environ: string;
  readonly fds: Readonly<Record<string, string | null>>;
  readonly devices?: Readonly<Record<string, string>>;
  readonly oom: string;
  readonly nice?: number;
  readonly cwd?: string;
}

/** Collects the same facts of a process on this machine, by its process id on the host. */
export function collect(pid: number): Collected {
  const text = (name: string) => readFileSync(`/proc/${pid}/${name}`, 'utf8');
  const names = readdirSync(`/proc/${pid}/fd`);
  return {
    status: text('status'),
    limits: text('limits'),
    mountinfo: text('mountinfo'),
    cgroup: text('cgroup'),
    environ: text('environ'),
    fds: Object.fromEntries(names.map((name) => [name, readlinkSync(`/proc/${pid}/fd/${name}`)])),
    oom: text('oom_score_adj').trim(),
  };
}

const statusFields = [
  ...[
    'Umask',
    'Uid',
    'Gid',
    'Groups',
    'CapInh',
    'CapPrm',
    'CapEff',
    'CapBnd',
    'CapAmb',
    'NoNewPrivs',
    'Seccomp',
    'Seccomp_filters',
  ],
  ...['SigBlk', 'SigIgn', 'TracerPid'],
];
/** The compared limits; the machine and its engine set all others. */
const limitNames =
  /^Max (cpu time|file size|stack size|core file size|open files|locked memory|pending signals|msgqueue size|nice priority|realtime priority) /;

export interface PostureOptions {
  readonly jobUid: number;
  /** Paths that the container spec covers or makes read-only, where the kernel has them. */
  readonly covered: readonly string[];
  readonly limits?: RegExp;
}

export function postureOf(
  seen: Collected,
  { jobUid, covered, limits = limitNames }: PostureOptions,
): string {
  const named = (text: string) => text.replaceAll(String(jobUid), 'JOB');
  const own = seen.cgroup.split('\n').flatMap((line) => line.split(':')[2] ?? []);
  const status = seen.status
    .split('\n')
    .filter((line) => statusFields.includes(line.split(':', 1)[0] ?? ''));
  const sections: Readonly<Record<string, readonly string[]>> = {
    status: status.map((line) => named(line.replaceAll(/\s+/g, ' ').trim())),
    limits: seen.limits
      .split('\n')
      .flatMap((line) => (limits.test(line) ? [line.replaceAll(/\s+/g, ' ').trim()] : [])),
    mounts: mounts(seen.mountinfo, covered).map(named),
    'own control group': seen.devices === undefined ? [] : [...new Set(own)],
    environment: seen.environ
      .split('\0')
      .filter(Boolean)
      .toSorted()
      .map((line) => line.replace(/^(HOSTNAME=).*/, '$1ID')),
    descriptors:
      seen.devices === undefined
        ? kinds(Object.values(seen.fds))
        : Object.entries(seen.fds).map(([name, target]) => `${name} ${kindOf(target)}`),
    devices: Object.entries(seen.devices ?? {})
      .map(([name, kind]) => `${name} ${kind}`)
      .toSorted(),
    more: [
      `oom_score_adj ${seen.devices === undefined ? supervisorScore(seen.oom) : seen.oom}`,
      ...(seen.nice === undefined ? [] : [`nice ${seen.nice}`, `in ${seen.cwd}`]),
    ],
  };
  const shown = Object.entries(sections).filter(([, lines]) => lines.length > 0);
  return `${shown.map(([name, lines]) => [`# ${name}`, ...lines].join('\n')).join('\n\n')}\n`;
}

/**
 * The supervisor sets the lowest score that the engine permits: 500, or 0 if the engine cannot set
 * a minimum.
 */
function supervisorScore(score: string): string {
  return Number(score) <= 500 ? '500 or less' : score;
}

function kindOf(target: string | null): string {
  return (target ?? '')
    .replace(/^\/sys\/fs\/cgroup\/.*/, 'counter of the control group')
    .replace(/:\[\d+\]$/, '');
}

/**
 * Lists kinds of descriptors and not numbers, because the number of waiting interpreters varies.
 */
function kinds(targets: readonly (string | null)[]): string[] {
  return [...new Set(targets.map(kindOf))].toSorted();
}

/**
 * Lines `place type options`; a tmpfs with limits also has size and inodes. Control groups differ
 * by version: one line.
 */
function mounts(mountinfo: string, covered: readonly string[]): string[] {
  const all = mountinfo.split('\n').flatMap((line) => {
    const [own = '', shared = ''] = line.split(' - ');
    const [, , , , place = '', options = ''] = own.split(' ');
    const [type = '', , inner = ''] = shared.split(' ');
    if (place === '' || covered.includes(place)) return [];
    if (place === '/sys/fs/cgroup' && type === 'tmpfs') return [];
    if (place.startsWith('/sys/fs/cgroup')) return [`/sys/fs/cgroup... ${options.split(',')[0]}`];
    // Files of the engine with its name for the container.
    if (/^\/etc\/(hostname|hosts|resolv\.conf)$/.test(place) && options.startsWith('ro')) return [];
    const kept = options.split(',').filter((option) => !option.endsWith('atime'));
    const sizes =
      type === 'tmpfs'
        ? inner.split(',').filter((option) => /^(size|nr_inodes|mode|uid|gid)=/.test(option))
        : [];
    return [
      `${place} ${type === 'overlay' ? 'image' : type} ${[...kept, ...(/^\/(tmp|job|project)$/.test(place) ? sizes : [])].join(',')}`,
    ];
  });
  return [...new Set(all)].toSorted();
}
