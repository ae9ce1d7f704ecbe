// biome-ignore-all lint/suspicious/noTemplateCurlyInString: placeholders are written so
import { describe, expect, it } from 'vitest';
import { findDialect } from '../../../src/agents/registry.ts';
import type { PlannedTargets } from '../../../src/cli/hook-tests/planned-targets.ts';
import { runCases } from '../../../src/cli/hook-tests/run-cases.ts';
import { parseTestFile } from '../../../src/cli/hook-tests/test-file.ts';
import { parseHooksFile } from '../../../src/files/hooks-file.ts';

const dialect = findDialect('azure');
const hooksOf = (more: string) =>
  parseHooksFile(
    'h',
    `hooks: {Stop: [{type: http, url: "https://policy.test/v1", failMode: block, timeout: 5${more}}]}`,
  ).hooks.map(({ hook }) => hook);

async function resultFor(targets: PlannedTargets, more = '') {
  const context = Buffer.from('{"hook_event_name":"Stop"}');
  const request = { dialect, hooks: hooksOf(more), context };
  const one = { file: 'f', line: 1, name: 'n', request, targets, expect: { decision: 'none' } };
  const { results, reached } = await runCases([one as never], {
    runner: () => Promise.reject(new Error('no script')),
    ...{ tenant: 't', isolation: 'tenant', concurrency: 1, bail: false, onResult: () => {} },
    signal: new AbortController().signal,
  });
  expect(reached.size).toBe(1);
  return results[0];
}
const causeOf = async (targets: PlannedTargets, more = '') => {
  const result = await resultFor(targets, more);
  const [hook] = result?.decision?.results ?? [];
  return [result?.outcome, hook?.decision, hook?.cause.kind === 'fail-mode' && hook.cause.code];
};

describe('an http hook in a test gets', () => {
  it('the answer of its case', async () => {
    const body = { decision: 'block', reason: 'no' };
    expect(await causeOf({ 'policy.test': { body } })).toEqual(['failed', 'block', false]);
    expect(await causeOf({ 'policy.test': {} })).toEqual(['passed', 'none', false]);
    expect(await causeOf({ 'policy.test': { body: 'text' } })).toEqual([
      ...['failed', 'block', 'HTTP_BODY'],
    ]);
  });

  it('its status', async () => {
    expect(await causeOf({ 'policy.test': { status: 503 } })).toEqual([
      ...['failed', 'block', 'HTTP_STATUS'],
    ]);
    const meant = ', status: {403: none}';
    expect(await causeOf({ 'policy.test': { status: 403 } }, meant)).toEqual([
      ...['passed', 'none', false],
    ]);
  });

  it('no connection where the case says so, which is no fault of hookpool', async () => {
    expect(await causeOf({ 'policy.test': { unreachable: true } }, ', retries: 2')).toEqual([
      ...['failed', 'block', 'TARGET_UNREACHABLE'],
    ]);
  });

  it('a timeout without a wait', async () => {
    const started = performance.now();
    expect(await causeOf({ 'policy.test': { after: 6 } })).toEqual([
      ...['failed', 'block', 'HOOK_TIMED_OUT'],
    ]);
    expect(performance.now() - started).toBeLessThan(2_000);
    expect(await causeOf({ 'policy.test': { after: 4 } })).toEqual(['passed', 'none', false]);
  });

  it('a value for its secrets, which is sent nowhere', async () => {
    const more = ', headers: {a: "${secret:key}"}';
    expect(await causeOf({ 'policy.test': {} }, more)).toEqual(['passed', 'none', false]);
  });

  it('no answer from anywhere else: the case fails, and says what to add', async () => {
    const result = await resultFor({ 'other.test': {} });
    expect(result).toMatchObject({ outcome: 'failed' });
    expect(result?.message).toContain('give its answer as targets: {policy.test: {body: ...}}');
  });
});

it('an unknown key of an answer is told with those that there are', () => {
  const text =
    'cases:\n  - {name: a, context: {}, targets: {h: {code: 5}}, expect: {decision: none}}\n';
  expect(parseTestFile('f', text).problems).toMatchObject([
    { message: 'Unknown key "code". Known: status, body, after, unreachable, trusted.' },
  ]);
});
