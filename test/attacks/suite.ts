/** Tests of attacks on real containers; `npm run attack` is the same with options. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Campaign } from './campaign.ts';
import type { Entry } from './entry.ts';
import { followersOf, plan } from './plan.ts';

/** `npm run attack` looks on a new container after each step. */
export const stepsPerNew = 6;

/**
 * Defines a test for each step of `entries`, and one for what they leave on the host.
 *
 * @param all the corpus, which has what runs after each attack
 */
export function testAttacks(all: readonly Entry[], entries: readonly Entry[]): void {
  let campaign: Campaign | undefined;

  beforeAll(async () => {
    campaign = await Campaign.open({ isolation: 'tenant', stepsPerNew }, followersOf(all));
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

  test('no process, no container and no memory is left on the host, and nothing in a new container', async () => {
    expect(await campaign?.onNew()).toEqual([]);
    expect(await campaign?.arena.close()).toEqual([]);
  });
}
