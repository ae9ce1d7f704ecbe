/** Some attacks where the sandbox can read a project; the whole corpus: npm run attack -- --workspace. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Campaign } from '../attacks/campaign.ts';
import { corpora, readCorpus } from '../attacks/entry.ts';
import { followersOf, plan } from '../attacks/plan.ts';
import { AttackedWorkspace } from '../attacks/workspace.ts';

const entries = corpora.flatMap(readCorpus);
const only = ['ctl-block-exit2', 'own-workspace-write', 'own-workspace-ways-out'];
let workspace: AttackedWorkspace;
let campaign: Campaign;

beforeAll(async () => {
  workspace = await AttackedWorkspace.open();
  campaign = await Campaign.open({ isolation: 'tenant', workspace }, followersOf(entries));
});

afterAll(async () => {
  await campaign?.arena.close();
  await workspace?.close();
});

describe('in a workspace', () => {
  test.for(plan(entries, { only }).map((step) => [step.title, step] as const))(
    '%s holds',
    async ([, step]) => {
      const { broken } = await campaign.run(step);
      expect(broken).toEqual([]);
    },
  );
});
