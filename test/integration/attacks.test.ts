/**
 * Every hostile script of test/attacks on real containers; `npm run attack` is the same with
 * options.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Campaign } from '../attacks/campaign.ts';
import { corpora, readCorpus } from '../attacks/entry.ts';
import { followersOf, plan } from '../attacks/plan.ts';

const entries = corpora.flatMap(readCorpus);
let campaign: Campaign | undefined;

beforeAll(async () => {
  campaign = await Campaign.open({ isolation: 'tenant' }, followersOf(entries));
});

afterAll(async () => {
  await campaign?.arena.close();
});

describe('what an entry of the corpus demands holds, and nothing is left for the next job:', () => {
  test.for(plan(entries).map((step) => [step.title, step] as const))(
    '%s',
    async ([, step], { skip }) => {
      if (campaign === undefined) throw new Error('the campaign did not open');
      if (step.skip !== undefined) skip(step.skip);
      const { broken, known } = await campaign.run(step);
      expect(broken).toEqual([]);
      if (known !== undefined) skip(`${known.output}: ${known.reason}`);
    },
  );
});

test('no process, no container and no memory is left on the host', async () => {
  expect(await campaign?.arena.close()).toEqual([]);
});
