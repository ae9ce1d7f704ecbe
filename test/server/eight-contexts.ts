/**
 * A process of its own, because its heap is small: prints the statuses of eight large evaluations.
 */
import { pieces } from '../support/hostile/shapes.ts';
import { appUnderTest, stopHook } from './app-under-test.ts';

const values = pieces(190_000, (i) => `"k${i}":[]`, ',');
const filler = 'x'.repeat(5 << 20);
const context = `{"hook_event_name":"Stop","x":"${filler}","y":{${values}}}`;
const payload = `{"context":${context},"transcript":"${filler}","hooks":${JSON.stringify(stopHook('exit 0'))}}`;
const { app } = appUnderTest({ bodyLimitBytes: 20 << 20, maxInFlight: 8 });
const headers = { 'content-type': 'application/json', host: 'localhost' };
const answers = await Promise.all(
  Array.from({ length: 8 }, () =>
    app.inject({ method: 'POST', url: '/v1/evaluate', headers, payload }),
  ),
);
process.stdout.write(`${answers.map(({ statusCode }) => statusCode).join()}\n`);
