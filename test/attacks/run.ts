/**
 * `npm run attack -- [--corpus FILE] [--isolation tenant|job] [--runtime runc|runsc] [--profile small|full]
 * [--workspace] [--interpreter NAME] [--only ID,ID] [--verbose]` on real containers. With --workspace
 * all of them can read a project.
 */
import { parseArgs } from 'node:util';
import { isolations } from '../../src/protocol/run.ts';
import { measured } from './arena.ts';
import { Campaign } from './campaign.ts';
import { baseCorpus, corpora, readCorpus } from './entry.ts';
import { mebibyte } from './host.ts';
import { followersOf, plan } from './plan.ts';
import { AttackedWorkspace } from './workspace.ts';

const { values } = parseArgs({
  options: {
    corpus: { type: 'string', multiple: true, default: corpora },
    isolation: { type: 'string', default: 'tenant' },
    runtime: { type: 'string' },
    profile: { type: 'string', default: 'small' },
    interpreter: { type: 'string' },
    only: { type: 'string', multiple: true, default: [] },
    workspace: { type: 'boolean', default: false },
    verbose: { type: 'boolean', default: false },
  },
});

const isolation = isolations.find((one) => one === values.isolation);
if (isolation === undefined)
  throw new Error(
    `--isolation is "${values.isolation}"; it must be one of ${isolations.join(', ')}.`,
  );
const profile = (['small', 'full'] as const).find((one) => one === values.profile);
if (profile === undefined)
  throw new Error(`--profile is "${values.profile}"; it must be small or full.`);
const entries = values.corpus.flatMap(readCorpus);
const { runtime } = values;
const steps = plan(entries, {
  only: values.only.flatMap((ids) => ids.split(',')),
  runtime,
  profile,
  interpreter: values.interpreter,
});
const started = performance.now();
const workspace = values.workspace ? await AttackedWorkspace.open() : undefined;
const campaign = await Campaign.open(
  { isolation, runtime, profile, workspace },
  followersOf(readCorpus(baseCorpus)),
);
const count = { passed: 0, failed: 0, skipped: 0 };

function report(kind: keyof typeof count, title: string, details: readonly string[] = []): void {
  count[kind]++;
  if (kind === 'failed') console.log([`FAIL ${title}`, ...details].join('\n  '));
  else if (kind === 'skipped') console.log(`skip ${title}: ${details.join('; ')}`);
  else if (values.verbose) console.log(`ok   ${title}`);
}

let left: readonly string[] = ['it was not closed'];
try {
  for (const step of steps) {
    if (step.skip !== undefined) {
      report('skipped', step.title, [step.skip]);
      continue;
    }
    const { broken, known } = await campaign.run(step);
    if (broken.length > 0) report('failed', step.title, broken);
    else if (known !== undefined)
      report('skipped', step.title, [`${known.output}: ${known.reason}`]);
    else report('passed', step.title);
  }
} finally {
  left = await campaign.arena.close();
  await workspace?.close();
}
report(left.length > 0 ? 'failed' : 'passed', 'the host afterwards', left);
if (campaign.arena.blind !== undefined)
  report('skipped', 'processes of job users on the host', [campaign.arena.blind]);
const unknown = entries
  .flatMap(({ expect }) => expect.host ?? [])
  .filter((name) => !measured.has(name));
const unmeasured = new Set([...unknown, ...campaign.arena.unmeasured]);
if (unmeasured.size > 0) console.log(`not measured here: ${[...unmeasured].join(', ')}`);
const seconds = (performance.now() - started) / 1000;
console.log(
  `isolation ${isolation}, profile ${values.profile}, runtime ${campaign.arena.runtime}, ${seconds.toFixed(1)} s, this process grew by ${Math.round((await campaign.arena.growth()) / mebibyte)} MiB`,
);
console.log(`${count.passed} passed, ${count.failed} failed, ${count.skipped} skipped`);
process.exitCode = count.failed > 0 || steps.length === 0 ? 1 : 0;
