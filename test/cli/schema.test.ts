import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { azure } from '../../src/agents/azure/dialect.ts';
import { Arguments } from '../../src/cli/command.ts';
import { publicSchemas } from '../../src/cli/public-schemas.ts';
import { schemaCommand } from '../../src/cli/schema.ts';
import { combine } from '../../src/protocol/verdict/combine.ts';
import { chained } from '../../src/server/audit-chain.ts';
import { appUnderTest, stopContext, stopHook } from '../server/app-under-test.ts';

const docs = path.join(import.meta.dirname, '../../docs');
const printed = async (...names: string[]) => {
  const said: string[] = [];
  const io = { out: (text: string) => void said.push(text) } as Parameters<
    typeof schemaCommand.run
  >[1];
  expect(await schemaCommand.run(new Arguments({}, names), io)).toBe(0);
  return JSON.parse(said.join('')) as unknown;
};
const fileOf = (name: string) => (name === 'openapi' ? 'openapi.json' : `${name}.schema.json`);
const names = Object.keys(publicSchemas());

test('without a name it prints the schema of a hooks file', async () => {
  expect(await printed()).toEqual(await printed('hooks'));
  expect(await printed()).toMatchObject({ title: 'hookpool hooks file' });
});

test.each(names)(
  '%s is printed, and docs/ has a fresh copy (npm run schema writes it)',
  async (name) => {
    expect(await printed(name)).toEqual(
      JSON.parse(readFileSync(path.join(docs, fileOf(name)), 'utf8')),
    );
  },
);

test('every file in docs/ has its name, and the usage names them all', () => {
  expect(
    readdirSync(docs)
      .filter((file) => file.endsWith('.json'))
      .toSorted(),
  ).toEqual(names.map(fileOf).toSorted());
  const listed = [...schemaCommand.usage.matchAll(/^ {2}(\S+) {2,}/gm)].map(([, name]) => name);
  expect(listed).toEqual(names);
});

test.each([
  [['nope'], /There is no schema "nope"\. Known: hooks, hooktest, decision/],
  [['constructor'], /There is no schema "constructor"/],
  [['job', 'run'], /Unexpected argument "run"/],
])('%j is refused', async (names, message) => {
  await expect(printed(...names)).rejects.toMatchObject({
    code: 'INVALID_USAGE',
    message: expect.stringMatching(message),
  });
});

test('a decision is one by its schema', () => {
  const decision = combine(azure, { event: 'Stop', results: [], skipped: [], durationMs: 1 });
  const schema = z.fromJSONSchema(
    publicSchemas()['decision'] as Parameters<typeof z.fromJSONSchema>[0],
  );
  expect(schema.safeParse(JSON.parse(JSON.stringify(decision))).error).toBeUndefined();
  expect(schema.safeParse({ ...decision, decision: 'maybe' }).success).toBe(false);
});

test('a line of the audit trail is one by its schema', async () => {
  const { app, records } = appUnderTest();
  await app.inject({
    method: 'POST',
    url: '/v1/evaluate',
    headers: { traceparent: `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01` },
    payload: { context: stopContext, hooks: stopHook('exit 2') },
  });
  const schema = z.fromJSONSchema(
    publicSchemas()['audit'] as Parameters<typeof z.fromJSONSchema>[0],
  );
  const first = chained(JSON.stringify(records[0]), undefined, 0);
  const second = chained(JSON.stringify(records[0]), first.link, 0);
  for (const { line } of [first, second])
    expect(schema.safeParse(JSON.parse(line)).error).toBeUndefined();
  expect(schema.safeParse(records[0]).success).toBe(false);
});
