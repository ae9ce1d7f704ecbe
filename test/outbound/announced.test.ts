import { describe, expect, it } from 'vitest';
import { announced, knownJudge, knownTarget } from '../../src/outbound/announced.ts';
import { judgesSettingsSchema } from '../../src/outbound/judges/settings.ts';
import { outboundSettingsSchema } from '../../src/outbound/settings.ts';
import { parseRequestUrl } from '../../src/protocol/request-url.ts';

const judge = (tenants: string[], aliases: string[] = []) => ({
  ...{ format: 'openai-chat', baseUrl: 'https://models.test/v1', model: 'planted-model' },
  ...{ keyEnv: 'PLANTED_KEY', tenants, aliases },
});
const worker = announced(
  judgesSettingsSchema.parse({
    judges: { fast: judge(['*'], ['haiku']), careful: judge(['acme']), secret: judge(['other']) },
  }).judges,
  outboundSettingsSchema.parse({
    targets: { t: { hosts: ['*.a.test'], path: '/v1', tenants: ['acme'], ports: [8443] } },
  }).targets,
);
const none = announced(undefined, undefined);
const url = (text: string) => ({ url: parseRequestUrl(text) });
const there = url('https://x.a.test:8443/v1/check');

it('a worker tells names and addresses, and neither keys nor models', () => {
  expect(JSON.stringify(worker)).not.toMatch(/planted|models\.test|KEY/i);
  expect(none).toEqual({ judges: [], targets: [] });
});

describe('a judge', () => {
  it('is there by name or alias, for its tenants', () => {
    for (const model of ['fast', 'haiku']) expect(knownJudge([worker], model, 'x')).toEqual({});
    expect(knownJudge([worker, worker], 'careful', 'acme')).toEqual({});
  });

  it('that is missing is told with those that the tenant has, and no others', () => {
    expect(knownJudge([worker, none], 'slow', 'acme')).toEqual({
      why: 'No outbound worker has a judge "slow" for tenant acme now. The tenant has careful, fast, haiku.',
    });
    expect(knownJudge([worker], 'secret', 'x')?.why).toMatch(/"secret" .*has fast, haiku\.$/);
    expect(knownJudge([none], 'fast', 'x')?.why).toMatch(/ now\.$/);
  });

  it('that some workers have only is told', () => {
    expect(knownJudge([worker, none, worker], 'fast', 'x')).toEqual({
      why: 'Only 2 of 3 outbound workers have a judge "fast" for tenant x now.',
    });
  });

  it('is not known where a worker does not tell, and missing where there is no worker', () => {
    expect(knownJudge([worker, undefined], 'slow', 'x')).toBeUndefined();
    expect(knownJudge([{ targets: [] }], 'slow', 'x')).toBeUndefined();
    expect(knownJudge([], 'fast', 'x')?.why).toMatch(/^No outbound worker takes jobs now/);
  });

  it('is told beside at most 20 names, however long they are', () => {
    const names = Array.from({ length: 25 }, (_, at) => `${at + 10}${'n'.repeat(200)}`);
    const long = 'x'.repeat(5_000);
    const { why = '' } = knownJudge([{ judges: [{ names, tenants: ['*'] }] }], long, 'a') ?? {};
    expect(why).toMatch(/ 29n.*, and 5 more\.$/);
    expect(why.length).toBeLessThan(6_000);
  });
});

describe('a target', () => {
  it('is there for its address and its tenants', () => {
    expect(knownTarget([worker], there, 'acme')).toEqual({});
    for (const [asked, tenant] of [
      [there, 'x'],
      [url('https://x.a.test/v1'), 'acme'],
      [url('https://x.a.test:8443/v2'), 'acme'],
      [url('http://x.a.test:8443/v1'), 'acme'],
    ] as const)
      expect(knownTarget([worker], asked, tenant)?.why).toMatch(
        /^No outbound worker has a target for x\.a\.test with this port and path for tenant \w+ now\.$/,
      );
  });

  it('is not known where a worker does not tell', () => {
    expect(knownTarget([worker, { judges: [] }], there, 'acme')).toBeUndefined();
  });
});
