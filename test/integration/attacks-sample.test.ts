/**
 * Some of each kind of attack where every job has a container of its own, and those that need node;
 * the rest of the corpus is in attacks.test.ts and its parts.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Campaign } from '../attacks/campaign.ts';
import { corpora, readCorpus } from '../attacks/entry.ts';
import { followersOf, plan } from '../attacks/plan.ts';
import { stepsPerNew } from '../attacks/suite.ts';
import { whyNotRuntime } from '../support/runtimes.ts';

const entries = corpora.flatMap(readCorpus);
/**
 * A container for one job is made like one for many: what only has to stay within it, or is decided by
 * the host, is tried once, in the other files. The canary after each shows that scripts work.
 */
const perJob = [
  ...['ctl-allow-silent', 'ctl-block-json', 'ctl-block-exit2', 'ctl-normal-tools'],
  ...['res-mem-hog', 'res-setsid-nohup', 'leak-files-plant', 'leak-env', 'leak-sysv-plant'],
  ...['bnd-rootfs-write', 'proto-allow-then-exit2'],
  ...['own-gate-descriptor', 'own-job-folder-plant', 'own-pipes-of-others'],
];
/** What another kernel may do in another way. */
const onGvisor = [
  ...perJob,
  ...['res-fork-count', 'res-loop-bash', 'res-stdout-flood', 'res-tmpfs-fill'],
  ...['bnd-net-no-route', 'bnd-setuid-calls', 'bnd-suid-files'],
];

/** Of the profile full, which differs in its programs, less is tried here. */
const onFull = ['ctl-normal-tools', 'bnd-rootfs-write', 'bnd-suid-files', 'own-pipes-of-others'];
/** All that runs in node, and of the rest what a waiting node could change. */
const withNode = entries
  .filter(({ interpreter }) => interpreter === 'node')
  .map(({ id }) => id)
  .concat('ctl-normal-tools', 'own-exec-storm');

describe.each([
  ['job', 'runc', 'small', perJob],
  ['job', 'runsc', 'small', onGvisor],
  ['job', 'runc', 'full', onFull],
  ['tenant', 'runc', 'full', withNode],
] as const)('with isolation %s under %s, profile %s', async (isolation, runtime, profile, ids) => {
  const why = await whyNotRuntime(runtime);
  let campaign: Campaign | undefined;

  beforeAll(async () => {
    if (why === undefined)
      campaign = await Campaign.open(
        { isolation, runtime, profile, stepsPerNew },
        followersOf(entries),
      );
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
