/** A body is answered at once, whatever it holds: everybody else waits for it. */
import { spawn } from 'node:child_process';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { compiled } from '../support/compiled.ts';
import { nested, pieces, sized } from '../support/hostile/shapes.ts';
import { contextPlaces, jsonShapes } from '../support/hostile/values.ts';
import { stopHook } from './app-under-test.ts';
import { answerTo, expectRefused, mib, type Sent } from './costly-calls.ts';

describe('a body', () => {
  const stop = JSON.stringify({ hooks: stopHook('exit 0') }).slice(1);
  const withContext = (context: string, more = '') => `{"context":${context}${more},${stop}`;
  const beside = contextPlaces['beside the input'] as (value: string) => string;
  const shaped = (shape: string, bytes: number) =>
    sized(jsonShapes[shape] as (n: number) => string, bytes);
  const tooManyValues = /^The (body|context) has more than \d+ values/;

  test.each<readonly [string, string, Sent]>([
    [
      'with 500,000 unknown keys',
      `{"context":{},${pieces(500_000, (i) => `"k${i}":0`, ',')}}`,
      [413, 'TOO_LARGE', tooManyValues],
    ],
    [
      'with 1,000 unknown keys',
      `{"context":{},${pieces(1_000, (i) => `"k${i}":0`, ',')}}`,
      [400, 'INVALID_BODY', /100 members/],
    ],
    [
      'with a context of empty arrays',
      withContext(beside(shaped('empty arrays', 7 * mib))),
      [413, 'TOO_LARGE', tooManyValues],
    ],
    [
      'with the same and a transcript',
      withContext(beside(shaped('empty arrays', 7 * mib)), ',"transcript":"x"'),
      [413, 'TOO_LARGE', tooManyValues],
    ],
    [
      'with a context of 500,000 keys',
      withContext(beside(shaped('members', 6 * mib))),
      [413, 'TOO_LARGE', tooManyValues],
    ],
    [
      'with a context of 250,000 values',
      withContext(beside(jsonShapes['items']?.(250_000) ?? '')),
      [413, 'TOO_LARGE', /^The context has more than 200000 values/, '/context'],
    ],
    [
      'with a context that is the text of 300,000 values',
      withContext(JSON.stringify(beside(jsonShapes['items']?.(300_000) ?? ''))),
      [413, 'TOO_LARGE', /^The context has more than 200000 values/, '/context'],
    ],
    ['of 100,000 levels', nested(100_000, '['), [400, 'INVALID_BODY', /deeper than 600 levels/]],
    ['of 10 million blanks', ' '.repeat(10 * mib), [400, 'INVALID_BODY', /not JSON/]],
    [
      'with an event of a megabyte',
      withContext('{}', `,"event":"${'x'.repeat(mib)}"`),
      [400, 'INVALID_REQUEST', /^event: must be 1 to 256 characters/, '/event'],
    ],
    [
      'with a field of a megabyte',
      withContext('{}', `,"${'k'.repeat(mib)}":1`),
      [400, 'INVALID_REQUEST', /k{100}…/],
    ],
    [
      'with a field that is there twice',
      `{"context":{},"context":{}}`,
      [400, 'INVALID_BODY', /there twice/, '/context'],
    ],
    ['with text behind its end', `${withContext('{}')} x`, [400, 'INVALID_BODY', /not JSON/]],
    ['with a comma too many', '{"context":{},}', [400, 'INVALID_BODY', /not JSON/]],
    [
      'with a broken member',
      '{"context":{},"hooks":{"a" 1}}',
      [400, 'INVALID_BODY', /not JSON/, '/hooks'],
    ],
    [
      'with a broken context',
      withContext('{"a" 1}'),
      [400, 'INVALID_CONTEXT', /not JSON/, '/context'],
    ],
    ['with a list for a context', withContext('[1]'), [400, 'INVALID_REQUEST', /./, '/context']],
  ])('%s is refused at once', async (_, payload, sent) => {
    await expectRefused(answerTo(payload), sent);
  });

  test('to /v1/hook has the same limits for its context', async () => {
    const context = beside(shaped('empty arrays', 7 * mib));
    const sent = answerTo(
      `${context}hooks: {}`,
      `/v1/hook?dialect=azure&contextBytes=${context.length}`,
    );
    await expectRefused(sent, [413, 'TOO_LARGE', tooManyValues]);
  });

  test('eight of the largest contexts at once, with transcripts, live in 512 MiB', {
    timeout: 120_000,
  }, async () => {
    const file = await compiled(path.join(import.meta.dirname, 'eight-contexts.ts'));
    const child = spawn(process.execPath, ['--max-old-space-size=512', file], { stdio: 'pipe' });
    let said = '';
    child.stdout.on('data', (chunk: Buffer) => {
      said += chunk.toString();
    });
    const code = await new Promise((resolve) => child.on('close', resolve));
    expect({ code, said }).toEqual({ code: 0, said: `${Array(8).fill(200).join()}\n` });
  });
});
