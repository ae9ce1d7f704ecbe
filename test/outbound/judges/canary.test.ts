/** Questions that a judge must reject, beside those of hooks. */
import { describe, expect, it, vi } from 'vitest';
import type { JudgeHooksOptions } from '../../../src/outbound/judges/judge-hook.ts';
import { judgesSettingsSchema } from '../../../src/outbound/judges/settings.ts';
import { useServices } from '../http-hook-rig.ts';
import { ask, hooksAt, http, judgesAt, no, sent, yes } from './rig.ts';

const services = useServices();
const isKnown = (request: string | undefined) =>
  /rm -rf \/srv\/[0-9a-f]{12}/.test(String(sent(request).messages[1]?.content));

/** A judge whose answer to known questions is this one, and no objection to all others. */
async function judging(known: () => object, options: Partial<JudgeHooksOptions> = {}) {
  let asked = 0;
  const port = await services.servers.serve((socket) => {
    let text = '';
    socket.on('data', (chunk) => {
      text += chunk;
      const [head = '', body = ''] = text.split('\r\n\r\n');
      if (body.length < Number(/content-length: (\d+)/i.exec(head)?.[1])) return;
      services.requests.push(text);
      if (isKnown(text)) asked++;
      socket.end(http(isKnown(text) ? known() : yes));
    });
  });
  const judges = judgesAt(port, { canary: 2 });
  const hooks = hooksAt(port, { options: { judges, ...options } });
  const { circuit } = judges.all[0] ?? expect.unreachable();
  return { hook: () => ask(port, {}, hooks), circuit, known: () => asked };
}

const unavailable = (text: string) => ({
  cause: { code: 'JUDGE_UNAVAILABLE', message: expect.stringContaining(text) },
});

describe('a judge with a canary', () => {
  it('is asked what it must reject beside every so many hooks, and nobody waits', async () => {
    const outcomes = vi.fn();
    const judge = await judging(() => no, { onCanary: outcomes });
    for (let n = 0; n < 5; n++) expect(await judge.hook()).toMatchObject({ decision: 'none' });
    await expect.poll(() => outcomes.mock.calls.length).toBe(2);
    expect(outcomes.mock.calls).toMatchObject(
      Array(2).fill([{ judge: 'fast', calls: 1, inputTokens: 100 }, 'right']),
    );
    expect(judge.known()).toBe(2);
    expect(services.requests).toHaveLength(7);
  });

  it('is left alone by all tenants once it has approved one, and trusted after a right answer', async () => {
    let answer = yes;
    const rests = vi.fn();
    const outcomes = vi.fn();
    const judge = await judging(() => answer, { onRest: rests, onCanary: outcomes });
    await judge.hook();
    await judge.hook();
    await expect
      .poll(() => rests.mock.calls)
      .toEqual([['fast', 30_000, 'it did not reject what it must reject']]);
    const before = services.requests.length;
    expect(await judge.hook()).toMatchObject(unavailable('is not asked for 30 s'));
    expect(services.requests).toHaveLength(before);

    // The rest is over.
    vi.spyOn(judge.circuit, 'restMs').mockReturnValue(0);
    expect(await judge.hook()).toMatchObject(unavailable('did not reject'));
    answer = no;
    expect(await judge.hook()).toMatchObject({ decision: 'none' });
    expect(outcomes.mock.calls.map(([, outcome]) => outcome)).toEqual(['wrong', 'wrong', 'right']);
  });

  it('is not asked a question that waited for its turn while it was found wrong', async () => {
    let answer: () => void = () => undefined;
    const port = await services.servers.serve((socket) => {
      socket.on('data', () => {
        services.requests.push('');
        answer = () => socket.end(http(yes));
      });
    });
    const judges = judgesAt(port, { canary: 100, atOnce: 1 });
    const { canary } = judges.all[0] ?? expect.unreachable();
    const hooks = hooksAt(port, { options: { judges } });
    const first = ask(port, {}, hooks);
    await expect.poll(() => services.requests.length).toBe(1);
    const second = ask(port, {}, hooks);
    await canary?.run(async () => 'wrong');
    answer();
    await first;
    expect(await second).toMatchObject(unavailable('did not reject'));
    expect(services.requests).toHaveLength(1);
  });

  it('is not heard by an answer that was kept, while it is not asked', async () => {
    const port = await services.answering(http(yes));
    const judges = judgesAt(port, { canary: 100 });
    const { canary, circuit } = judges.all[0] ?? expect.unreachable();
    const hooks = hooksAt(port, { options: { judges } });
    const kept = () => ask(port, { action: { cache: { seconds: 60 } } }, hooks);
    await kept();
    expect(await kept()).toMatchObject({ decision: 'none', asked: { cache: 'hit' } });
    await canary?.run(async () => 'wrong');
    circuit.refused();
    expect(await kept()).toMatchObject(unavailable('is not asked for 30 s'));
  });

  it('is trusted on where it gives no verdict', async () => {
    const outcomes = vi.fn();
    const judge = await judging(() => ({ nonsense: 1 }), { onCanary: outcomes });
    for (let n = 0; n < 3; n++) expect(await judge.hook()).toMatchObject({ decision: 'none' });
    await expect.poll(() => outcomes.mock.calls).toMatchObject([[{ spentUnknown: 1 }, 'none']]);
  });

  it('spends nothing of a tenant for it', async () => {
    const tenants: string[] = [];
    const reserve = async (tenant: string) => {
      tenants.push(tenant);
      return { settle: () => undefined };
    };
    const outcomes = vi.fn();
    const spending = { reserve, add: () => undefined };
    const judge = await judging(() => no, { onCanary: outcomes, spending });
    await judge.hook();
    await judge.hook();
    await expect.poll(() => outcomes.mock.calls.length).toBe(1);
    expect(tenants).toEqual(['acme', 'acme']);
  });
});

it.each([0, -1, 1.5, '100', 100_001])('canary: %j is refused', (canary) => {
  const entry = { format: 'openai-chat', baseUrl: 'https://a.test', model: 'm', tenants: ['*'] };
  expect(judgesSettingsSchema.safeParse({ judges: { a: { ...entry, canary } } }).success).toBe(
    false,
  );
});
