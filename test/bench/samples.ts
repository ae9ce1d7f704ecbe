/** A run of the benchmark as it could have been. */
import { guardNames } from '../../bench/guards.ts';
import { type Cell, wholeMatrix } from '../../bench/side-by-side/matrix.ts';
import type { Row, SideBySide } from '../../bench/side-by-side/results.ts';
import type { Measured } from '../../bench/targets/readings.ts';

const p50 = {
  'bare spawn': 15,
  'bare spawn (image)': 10,
  'hookpool tenant': 1.5,
  'hookpool tenant (full)': 1.2,
  'hookpool HTTP + queue': 3,
  'hookpool job': 2,
  'docker run --rm': 600,
};

function sampleRow(row: Partial<Row>): Row {
  return {
    guard: guardNames[0],
    method: 'bare spawn',
    rest: 30,
    callers: 1,
    contextBytes: 1024,
    n: 100,
    p50Ms: 1,
    p50RangeMs: [0.9, 1.1],
    p95Ms: 2,
    p99Ms: 3,
    perSecond: 100,
    failed: 0,
    cpuSecondsPer1000: 1,
    ...row,
  };
}

/** A row for each cell of the matrix, in which every target holds. */
export function sampleMeasured(change: (row: Row) => Row = (row) => row): Measured {
  const rows = wholeMatrix().map(({ calls, ...cell }: Cell) => {
    const p50Ms = p50[cell.method as keyof typeof p50] ?? 50;
    const perSecond = cell.method === 'bare spawn' ? 100 : 600;
    return change(
      sampleRow({
        ...cell,
        n: calls,
        p50Ms,
        p50RangeMs: [p50Ms * 0.9, p50Ms * 1.1],
        p95Ms: p50Ms * 1.5,
        p99Ms: p50Ms * 2,
        perSecond,
      }),
    );
  });
  return { sideBySide: { ...sampleRun, rows }, soak: null };
}

const sampleRun: SideBySide = {
  date: '2026-01-02',
  machine: {
    cpus: '2 x Some CPU',
    memory: '24 GiB',
    kernel: 'Linux 6',
    node: 'v20',
    engine: 'Docker 20, runc, cgroup v1',
    python: 'Python 3.11',
    bash: 'bash 5.2',
    load: '0.1',
  },
  quick: false,
  seconds: 300,
  cpu: { source: '/proc/stat', backgroundPerSecond: 0.01 },
  rows: [],
  missing: [{ name: 'bubblewrap', why: 'bwrap is not installed' }],
  memory: {
    blankContainerBytes: 8 << 20,
    usedContainerBytes: 9 << 20,
    workerBytes: 90 << 20,
    serverBytes: null,
  },
  startUp: [{ what: 'hookpool run', p50Ms: 700, n: 3 }],
  jobRate: { jobsPerSecond: 10, enginePerSecond: 10 },
};
