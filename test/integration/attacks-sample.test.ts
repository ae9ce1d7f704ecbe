/**
 * Some of each kind of attack where every job has a container of its own, and those that need node;
 * the rest of the corpus is in attacks.test.ts and its parts.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Campaign } from '../attacks/campaign.ts';
import { corpora, readCorpus } from '../attacks/entry.ts';
import { followersOf, plan } from '../attacks/plan.ts';
import { whyNotRuntime } from '../support/runtimes.ts';

const entries = corpora.flatMap(readCorpus);
const only = [
  ...['ctl-allow-silent', 'ctl-block-json', 'ctl-block-exit2', 'ctl-normal-tools'],
  ...[
    'res-fork-count',
    'res-mem-hog',
    'res-loop-bash',
    'res-stdout-flood',
    'res-setsid-nohup',
    'res-tmpfs-fill',
  ],
  ...[
    'leak-files-plant',
    'leak-env',
    'leak-sysv-plant',
    'own-gate-descriptor',
    'own-job-folder-plant',
  ],
  ...[
    'bnd-net-no-route',
    'bnd-rootfs-write',
    'bnd-setuid-calls',
    'bnd-suid-files',
    'own-pipes-of-others',
  ],
  ...[
    'proto-fake-frames-stdout',
    'proto-allow-then-exit2',
    'proto-allow-then-hang',
    'own-two-objects',
  ],
];

/** Of the profile full, which differs in its programs, less is tried here. */
const onFull = ['ctl-normal-tools', 'bnd-rootfs-write', 'bnd-suid-files', 'own-pipes-of-others'];
/** All that runs in node, and of the rest what a waiting node could change. */
const withNode = entries
  .filter(({ interpreter }) => interpreter === 'node')
  .map(({ id }) => id)
  .concat('ctl-normal-tools', 'own-exec-storm');

describe.each([
  ['job', 'runc', 'small', only],
  ['job', 'runsc', 'small', only],
  ['job', 'runc', 'full', onFull],
  ['tenant', 'runc', 'full', withNode],
] as const)('with isolation %s under %s, profile %s', async (isolation, runtime, profile, ids) => {
  const why = await whyNotRuntime(runtime);
  let campaign: Campaign | undefined;

  beforeAll(async () => {
    if (why === undefined)
      campaign = await Campaign.open({ isolation, runtime, profile }, followersOf(entries));
  });

  afterAll(async () => {
    await campaign?.arena.close();
  });

  test.for(
    plan(entries, { only: [...ids], runtime, profile }).map((step) => [step.title, step] as const),
  )('%s holds', async ([, step], { skip }) => {
    if (campaign === undefined) return skip(why);
    if (step.skip !== undefined) skip(step.skip);
    const { broken, known } = await campaign.run(step);
    expect(broken).toEqual([]);
    if (known !== undefined) skip(`${known.output}: ${known.reason}`);
  });

  test('nothing is left on the host', async ({ skip }) => {
    if (campaign === undefined) return skip(why);
    expect(await campaign.arena.close()).toEqual([]);
  });
});
