/** Who waits for the reading of hooks, and for how long. */
import { expect, test } from 'vitest';
import type { HookSet } from '../../src/files/hook-set.ts';
import { Content } from '../../src/protocol/content.ts';
import { Evaluator } from '../../src/server/evaluator.ts';
import { HookCompiler, readHookDocument } from '../../src/server/hook-compiler.ts';
import type { ReadCall } from '../../src/server/reading/read-call.ts';
import { TenantShares } from '../../src/server/shares.ts';
import type { HookDocument } from '../../src/server/stores.ts';

const documentOf = (text: string): HookDocument => ({
  name: 'hooks',
  scope: 'named',
  text,
  sha256: text,
});
const document = documentOf(
  '{"dialect":"azure","hooks":{"Stop":[{"name":"guard","script":"exit 2"}]}}',
);

/** Reads end when they are let go, each with a hook set of its own. */
function rig() {
  const read = readHookDocument(document);
  const calls: ReadCall[] = [];
  const ends: ((set: HookSet) => void)[] = [];
  const hookSet = (_: HookDocument, call: ReadCall) => {
    calls.push(call);
    return new Promise<HookSet>((resolve) => ends.push(resolve));
  };
  const compiler = new HookCompiler({ hookSet }, async () => undefined);
  return {
    compiler,
    calls,
    end: () => ends.splice(0).forEach((resolve) => void resolve({ ...read })),
  };
}

test('a document is read once for a tenant, and for each tenant anew', async () => {
  const { compiler, calls, end } = rig();
  const reads = ['a', 'a', 'b'].map((tenant) => compiler.compile(document, { tenant }));
  end();
  const [first, second, other] = await Promise.all(reads);
  expect([second === first, other === first]).toEqual([true, false]);
  expect(await compiler.compile(document, { tenant: 'b' })).toBe(other);
  expect(calls.map(({ tenant }) => tenant)).toEqual(['a', 'b']);
});

test('a tenant with more documents than are kept costs another one none of its own', async () => {
  const { compiler, calls, end } = rig();
  const own = compiler.compile(document, { tenant: 'a' });
  for (let at = 0; at < 1_000; at++) void compiler.compile(documentOf(String(at)), { tenant: 'b' });
  end();
  expect(await compiler.compile(document, { tenant: 'a' })).toBe(await own);
  expect(calls.length).toBe(1_001);
});

test('a caller waits as long as it has time, and the reading goes on for those with more', async () => {
  const { compiler, calls, end } = rig();
  const short = compiler.compile(document, { tenant: 'a', withinMs: 10 });
  const long = compiler.compile(document, { tenant: 'a', withinMs: 60_000 });
  const patient = compiler.compile(document, { tenant: 'a' });
  await expect(short).rejects.toMatchObject({
    code: 'OVERLOADED',
    message: 'The hooks could not be read within the deadline.',
  });
  end();
  expect(await long).toBe(await patient);
  expect(calls).toEqual([{ tenant: 'a' }]);
});

test('a reading that fails fails for all who wait, and the next caller has a new one', async () => {
  let reads = 0;
  const hookSet = async () => {
    reads++;
    throw new Error('no memory');
  };
  const compiler = new HookCompiler({ hookSet }, async () => undefined);
  const both = [{ tenant: 'a', withinMs: 1_000 }, { tenant: 'a' }].map((call) =>
    compiler.compile(document, call),
  );
  for (const one of await Promise.allSettled(both))
    expect(one).toMatchObject({ reason: { message: 'no memory' } });
  await expect(compiler.compile(document, { tenant: 'a' })).rejects.toThrow('no memory');
  expect(reads).toBe(2);
});

test('an evaluation gives the reading of its hooks nine tenths of the time that is left, and none where it has no deadline', async () => {
  const { compiler } = rig();
  const calls: ReadCall[] = [];
  compiler.compile = async (_, call) => {
    calls.push(call);
    throw new Error('far enough');
  };
  const evaluator = new Evaluator({} as never, compiler, new TenantShares([]));
  const input = {
    id: 'e',
    named: false,
    tenant: 'a',
    documents: [document],
    context: new Content(Buffer.from('{}')),
    active: [],
  };
  for (const deadlineMs of [10_000, undefined]) {
    const asked = evaluator.evaluate({
      ...input,
      deadlineMs,
      startedAt: performance.now() - 2_000,
    } as never);
    await expect(asked).rejects.toThrow('far enough');
  }
  expect(calls[0]?.withinMs).toBeGreaterThan(6_300);
  expect(calls[0]?.withinMs).toBeLessThanOrEqual(7_200);
  expect(calls[1]?.withinMs).toBeUndefined();
});
