/** Jobs of the runtime node, in the image that has it and in one that has it not. */
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { readConfig } from '../../src/config.ts';
import { imageFolder, imageName } from '../../src/sandbox/image.ts';
import type { PoolEvent } from '../../src/sandbox/pool-events.ts';
import { runScript as runWith } from '../../src/sandbox/run-script.ts';
import { syntaxError } from '../../src/sandbox/syntax.ts';
import { testPool } from '../support/pool.ts';
import { whyNotRuntime } from '../support/runtimes.ts';
import { bundleOf, runScript, stderrOf, stdoutOf } from '../support/script.ts';

const image = readConfig().image ?? imageName(imageFolder, 'full');
const small = testPool({ image: imageName() });
afterAll(() => small.drain());

const notShown = 'not shown';

describe.each(['runc', 'runsc'] as const)('a job in node under %s', async (runtime) => {
  const isGvisor = runtime === 'runsc';
  const why = await whyNotRuntime(runtime);
  const events: PoolEvent[] = [];
  const observe = (event: PoolEvent) => void events.push(event);
  const pool = testPool({ image, ociRuntime: runtime, max: 1, observe });
  const destroyed = () =>
    events.flatMap((event) => (event.type === 'destroyed' ? [event.reason] : []));
  beforeEach(({ skip }) => skip(why !== undefined, why));
  afterAll(() => pool.drain());

  test('has no rights in any of its threads, and no descriptor but its own streams', async () => {
    const script = `const fs = require('fs');
const read = (path) => fs.readFileSync(path, 'utf8');
const field = (text, name) => {
  const found = new RegExp('^' + name + ':[ \\\\t]*(.*)$', 'm').exec(text);
  return found === null ? ['not shown'] : found[1].split(/\\s+/);
};
const threads = fs.readdirSync('/proc/self/task').map((id) => read('/proc/self/task/' + id + '/status'));
const own = read('/proc/self/status');
const { userLimits } = process.report.getReport();
const of = (name) => [...new Set(threads.flatMap((text) => field(text, name)))];
const uid = String(process.getuid());
const links = fs.readdirSync('/proc/self/fd').flatMap((fd) => {
  try { return [fs.readlinkSync('/proc/self/fd/' + fd).replace(/:?\\[.*/, '')]; } catch { return []; }
});
console.log(JSON.stringify({
  many: threads.length > 4, root: uid === '0',
  ids: [...of('Uid'), ...of('Gid')].every((id) => id === uid), groups: of('Groups'),
  rights: [...of('CapInh'), ...of('CapPrm'), ...of('CapEff')].every((set) => /^0+$/.test(set)), ambient: of('CapAmb'),
  privileges: of('NoNewPrivs'), seccomp: of('Seccomp'),
  signals: field(own, 'SigBlk'),
  kinds: [...new Set(links)].sort(), pipes: links.filter((link) => link.startsWith('pipe')).length,
  session: read('/proc/self/stat').split(' ')[5] === String(process.pid),
  score: read('/proc/self/oom_score_adj').trim(), cpu: userLimits.cpu_time_seconds.soft, files: userLimits.open_files,
}));`;
    const run = await runScript(pool, 'node', script);
    expect(stderrOf(run)).toBe('');
    expect(JSON.parse(stdoutOf(run))).toEqual({
      many: true,
      root: false,
      ids: true,
      groups: [''],
      rights: true,
      // gVisor does not show the first three, and does not load the filter of the container spec.
      ambient: [isGvisor ? notShown : '0000000000000000'],
      privileges: [isGvisor ? notShown : '1'],
      signals: [isGvisor ? notShown : '0000000000000000'],
      seccomp: [isGvisor ? '0' : '2'],
      kinds: expect.not.arrayContaining(['socket']),
      // Its three streams, and those with which libuv wakes its own threads.
      pipes: expect.any(Number),
      session: true,
      score: '1000',
      cpu: 11,
      files: { soft: 256, hard: 256 },
    });
  });

  test('is out of reach of the jobs before it, which may not end it or read it', async () => {
    const before = events.length;
    const attack = `for pid in /proc/[0-9]*; do
  pid=\${pid#/proc/}; [ "$pid" = $$ ] && continue
  kill -9 "$pid" 2>/dev/null && echo "ended $pid"
  head -c1 "/proc/$pid/mem" 2>/dev/null | wc -c | grep -v '^0$'
  ls "/proc/$pid/fd" 2>/dev/null
done
grep -l '^node' /proc/[0-9]*/cmdline | wc -l`;
    expect(stdoutOf(await runScript(pool, 'bash', attack))).toBe('1\n');
    // No child of its own: all processes of a job may read each other.
    const started = `for pid in /proc/[0-9]*; do
  [ "$pid" = /proc/$$ ] && continue
  { mapfile -d '' -t all < "$pid/environ"; } 2>/dev/null || continue
  for one in "\${all[@]}"; do echo "\${one%%=*}"; done
done`;
    const names = stdoutOf(await runScript(pool, 'bash', started))
      .split('\n')
      .filter(Boolean);
    // gVisor shows what a process was started with: what every job has, and the name of the container.
    const shown = ['HOME', 'HOSTNAME', 'LANG', 'NODE_OPTIONS', 'PATH', 'TMPDIR'];
    expect([...new Set(names)].toSorted()).toEqual(isGvisor ? shown : []);
    expect(stdoutOf(await runScript(pool, 'node', 'console.log(1)'))).toBe('1\n');
    expect(events.slice(before).filter(({ type }) => type === 'created')).toEqual([]);
  });

  test('leaves nothing to the next one: processes and files end with it', async () => {
    const leave = `const { spawn } = require('child_process');
spawn('sleep', ['600'], { detached: true, stdio: 'ignore' }).unref();
require('fs').writeFileSync('/tmp/left', '');
setTimeout(() => process.exit(0), 20);`;
    expect(await runScript(pool, 'node', leave)).toMatchObject({ exitCode: 0 });
    const look = `const fs = require('fs');
const mine = fs.readdirSync('/proc').filter((name) => /^\\d+$/.test(name) && fs.statSync('/proc/' + name).uid === process.getuid());
console.log(mine.length, fs.readdirSync('/tmp'));`;
    expect(stdoutOf(await runScript(pool, 'node', look))).toBe('1 []\n');
    expect(destroyed()).toEqual([]);
  });

  test('runs in turns with the other runtimes in one container', async () => {
    const before = events.length;
    for (const round of [1, 2, 3]) {
      expect(stdoutOf(await runScript(pool, 'bash', `echo ${round}`))).toBe(`${round}\n`);
      expect(stdoutOf(await runScript(pool, 'node', `console.log(${round})`))).toBe(`${round}\n`);
      expect(stdoutOf(await runScript(pool, 'python3', `print(${round})`))).toBe(`${round}\n`);
    }
    expect(events.slice(before).filter(({ type }) => type === 'destroyed')).toEqual([]);
  });

  test('counts the CPU time of its own, without the start of node but under gVisor', async () => {
    const spin = 'const end = Date.now() + 300; while (Date.now() < end);';
    const { cpuMs } = await runScript(pool, 'node', spin);
    expect(cpuMs).toBeGreaterThan(20);
    // gVisor has no clock for the processor time of another process, so the start counts there.
    expect(cpuMs).toBeLessThan(isGvisor ? 1_500 : 400);
  });

  test('reads its first line: folder, variables, file, arguments, quiet and loose', async () => {
    const start = {
      folder: '/project/a',
      environment: { WORD: 'x' },
      argv: ['./main.ts', 'one'],
      isQuiet: true,
      isLoose: true,
    };
    const files = {
      'a/main.ts': `import { word } from './lib/word';
import { more } from './more.js';
process.emitWarning('not said');
console.log(word, more, process.argv.slice(1), process.cwd(), process.env.WORD);`,
      'a/lib/word.ts': 'export const word: string = "word";',
      'a/more.ts': 'export const more = 1;',
    };
    const run = await runScript(pool, 'node', `#!hookpool-node ${JSON.stringify(start)}\n`, {
      bundle: bundleOf(files),
    });
    expect(stderrOf(run)).toBe('');
    expect(stdoutOf(run)).toBe("word 1 [ '/project/a/main.ts', 'one' ] /project/a x\n");
  });

  test('ends at its timeout, with what it printed before', async () => {
    const run = await runScript(pool, 'node', "console.log('a'); for (;;);", {
      limits: { timeoutMs: 1_500 },
    });
    expect([run.status, stdoutOf(run)]).toEqual(['timed-out', 'a\n']);
  });
});

describe('the syntax of node scripts', () => {
  const pool = testPool({ image, max: 1 });
  afterAll(() => pool.drain());
  const check = (source: string, path?: string) =>
    syntaxError(
      (script, signal) => runWith(pool, script, signal),
      path === undefined
        ? { runtime: 'node', source }
        : {
            runtime: 'node',
            source: '',
            bundle: bundleOf({ [path]: source }),
            runs: [{ path, runtime: 'node' }],
          },
      'test',
    );

  test('is checked without running them, as CommonJS or as a module', async () => {
    expect(await check("require('fs').x(); return;")).toBeUndefined();
    expect(await check("#!/usr/bin/env node\nimport fs from 'fs';\nawait fs.x();")).toBeUndefined();
    expect(await check('let a: number = 1;', 'x.ts')).toBeUndefined();
    expect(await check('throw 1;', 'x.mjs')).toBeUndefined();
  });

  test.each<[string, string, string | undefined]>([
    ['let a;\nlet a;', "the script: line 2: Identifier 'a' has already been declared", undefined],
    ["import x from 'x';\nlet b = ;", "the script: line 2: Unexpected token ';'", undefined],
    ['return 1;', 'x.mjs: line 1: Illegal return statement', 'x.mjs'],
    ["import x from 'x';", 'x.cjs: line 1: Cannot use import statement outside a module', 'x.cjs'],
  ])('%j does not parse', async (source, said, path) => {
    expect(await check(source, path)).toBe(`node cannot parse ${said}`);
  });
});

test('an image without node answers as a shell does for a program that is not there', async () => {
  const run = await runScript(small, 'node', 'process.exit(2)');
  expect([run.status, run.exitCode, stderrOf(run)]).toEqual([
    'exited',
    127,
    'node: not found in this image\n',
  ]);
  expect(stdoutOf(await runScript(small, 'bash', 'echo on'))).toBe('on\n');
});
