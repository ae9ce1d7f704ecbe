/** What should notice a mutation must pass without it, and fail with it. */
import type { Mutation } from './mutation.ts';
import type { Row } from './table.ts';
import type { Checked, Workshop } from './workshop.ts';

type NoticedBy = Mutation['noticedBy'];

/** Why the checks of these mutations show nothing; undefined when all pass without a mutation. */
export async function whyNotSound(
  workshop: Workshop,
  mutations: readonly Mutation[],
): Promise<string | undefined> {
  const attacks = mutations.flatMap(({ noticedBy }) =>
    'attacks' in noticedBy ? noticedBy.attacks : [],
  );
  const tests = new Set(
    mutations.flatMap(({ noticedBy }) => ('test' in noticedBy ? [noticedBy.test] : [])),
  );
  const checks: NoticedBy[] = [
    ...(attacks.length > 0 ? [{ attacks }] : []),
    ...[...tests].map((test) => ({ test })),
  ];
  workshop.restore();
  for (const noticedBy of checks) {
    const { failed, output } = await check(workshop, noticedBy);
    if (failed) return whatFailed(output);
  }
  return undefined;
}

export async function tryMutation(
  workshop: Workshop,
  { name, defence, edits, noticedBy }: Mutation,
): Promise<Row> {
  const started = performance.now();
  workshop.apply(edits);
  try {
    const { failed, output } = await check(workshop, noticedBy);
    const by = failed ? whatFailed(output) : 'nothing failed';
    return {
      name,
      defence,
      noticed: failed,
      by,
      seconds: Math.round((performance.now() - started) / 1000),
    };
  } finally {
    workshop.restore();
  }
}

async function check(workshop: Workshop, noticedBy: NoticedBy): Promise<Checked> {
  const image = await workshop.image();
  if ('attacks' in noticedBy) {
    return workshop.check(
      'tsx/dist/cli.mjs',
      ['test/attacks/run.ts', '--only', noticedBy.attacks.join(',')],
      image,
    );
  }
  const projects = noticedBy.test.includes('/integration/')
    ? ['integration']
    : ['unit', 'mocked', 'growth', 'measured'];
  const title = noticedBy.title === undefined ? [] : ['-t', noticedBy.title];
  const options = ['run', ...projects.map((name) => `--project=${name}`), noticedBy.test, ...title];
  return workshop.check('vitest/vitest.mjs', options, image);
}

/** The first thing that the check says went wrong. */
function whatFailed(output: string): string {
  const attack = /^FAIL (\S+).*\n\s+(.*)$/m.exec(output);
  if (attack !== null) return shown(`${attack[1]} ${attack[2]?.replace(/^\S+: (?=\[)/, '')}`);
  const test = /^\s*FAIL\s+(?:\S+\s+)?(test\/\S+) > (.*)$/m.exec(output);
  if (test !== null) return shown(`${test[1]} > ${test[2]}`);
  const supervisor = /supervisor: (?!failed)(.*)/.exec(output);
  if (supervisor !== null) return shown(`the supervisor refuses to serve: ${supervisor[1]}`);
  const lines = output
    .split('\n')
    .filter((line) => line.trim() !== '' && !line.startsWith('npm warn'));
  return shown(lines.find((line) => /^\s*\w*Error: /.test(line)) ?? lines.at(-1) ?? 'no output');
}

function shown(text: string): string {
  return text.trim().slice(0, 160);
}
