/** The compiled code beside the package: used where it is right, and never needed. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Script } from 'node:vm';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { load, openCompiled, packed } from '../../deploy/package/chunks.ts';
import { standalone, toCommonJs } from '../../deploy/package/common-js.ts';

const root = path.join(import.meta.dirname, '../..');
let dist: string;
let kept: string;
const writes = (name: string, text: string) => writeFileSync(path.join(dist, name), text);

beforeEach(() => {
  dist = mkdtempSync(path.join(tmpdir(), 'hookpool-compiled-'));
  kept = path.join(dist, 'kept');
  mkdirSync(path.join(dist, 'cli'));
  writes('one.js', 'exports.one=1;exports.asked=(exports.asked??0)+1;');
  writes('cli/main.js', '#!/usr/bin/env node\nconst o=require("../one.js");exports.sum=o.one+1;');
});

afterEach(() => rmSync(dist, { recursive: true }));

/** Loads the program. @returns its exports, and of each file whether V8 refused its compiled code. */
function loaded(compiled = openCompiled(kept)) {
  const scripts = new Map<string, Script>();
  const exported = load(dist, 'cli/main.js', compiled, (name, one) => scripts.set(name, one));
  const refused = [...scripts].map(([name, one]) => [name, one.cachedDataRejected]);
  return { exported, scripts, refused: Object.fromEntries(refused) };
}

function keep(): void {
  const { scripts } = loaded();
  const code = [...scripts].map(([name, one]) => [name, one.createCachedData()] as const);
  writeFileSync(kept, packed(new Map(code)));
}

describe('a program', () => {
  it('runs without compiled code', () => {
    const { exported, refused } = loaded();
    expect(exported).toEqual({ sum: 2 });
    expect(refused).toEqual({ 'cli/main.js': undefined, 'one.js': undefined });
  });

  it('runs with the code that was kept of it', () => {
    keep();
    expect(loaded()).toMatchObject({
      exported: { sum: 2 },
      refused: { 'cli/main.js': false, 'one.js': false },
    });
  });

  it('compiles anew a file that has changed since', () => {
    keep();
    writes('one.js', 'exports.one=41;');
    expect(loaded()).toMatchObject({
      exported: { sum: 42 },
      refused: { 'cli/main.js': false, 'one.js': true },
    });
  });

  it.each([
    ['empty', () => Buffer.alloc(0)],
    ['cut off in its index', (whole: Buffer) => whole.subarray(0, 20)],
    ['cut off in its code', (whole: Buffer) => whole.subarray(0, whole.length - 100)],
    ['of another program', (whole: Buffer) => Buffer.alloc(whole.length, 'x')],
  ])('runs when the file of compiled code is %s', (_, broken) => {
    keep();
    writeFileSync(kept, broken(readFileSync(kept)));
    expect(loaded().exported).toEqual({ sum: 2 });
  });

  it('loads a file once, also one that is being loaded', () => {
    writes(
      'cli/main.js',
      'exports.early=1;exports.o=require("../one.js").seen;require("../one.js")',
    );
    writes('one.js', 'exports.seen=require("./cli/main.js").early;');
    expect(loaded().exported).toEqual({ early: 1, o: 1 });
  });
});

describe('an ES module of the bundle', () => {
  it('becomes CommonJS, its later imports too', async () => {
    const text = 'export const one=1;export const later=()=>import("./other.js");';
    const code = await toCommonJs(text);
    expect(code).not.toContain('import(');
    writes('other.js', 'exports.name="other";');
    writes('one.js', code);
    const { later } = load(dist, 'one.js', () => undefined) as { later(): Promise<object> };
    expect(await later()).toMatchObject({ name: 'other' });
  });

  it('knows its own place', async () => {
    writes('one.js', await toCommonJs('export default [import.meta.dirname,import.meta.url];'));
    const { default: place } = load(dist, 'one.js', () => undefined) as { default: string[] };
    expect(place).toEqual([dist, `file://${path.join(dist, 'one.js')}`]);
  });
});

it('a start of training keeps the code of this start and of those before it', async () => {
  const training = path.join(dist, 'training.cjs');
  writeFileSync(training, await standalone(path.join(root, 'deploy/package/training.ts')));
  writes('cli/program.js', 'if(process.argv[2]==="one")require("../one.js");');
  const start = (arg: string) => execFileSync(process.execPath, [training, dist, kept, arg]);
  start('one');
  start('none');
  const compiled = openCompiled(kept);
  expect(compiled('cli/program.js')?.length).toBeGreaterThan(0);
  expect(compiled('one.js')?.length).toBeGreaterThan(0);
  expect(compiled('cli/main.js')).toBeUndefined();
});
