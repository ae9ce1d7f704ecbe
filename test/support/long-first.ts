/** The order of test files: those that are known to take long begin first. */
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/**
 * Files that take more than 15 s in a run of all, most of it waiting; one that begins last leaves the
 * other workers nothing to do. A fresh clone has no times of an earlier run to go by.
 */
const long = [
  ...['integration/queue-liveness', 'chaos/worker', 'integration/attacks-sample'],
  ...['integration/differential', 'chaos/engine', 'chaos/blame', 'integration/unread-sinks'],
  ...['integration/outbound-judges', 'integration/two-tenants-guards', 'chaos/shutdown'],
  ...[
    'integration/compose',
    'integration/image',
    'integration/outbound',
    'integration/queue-suspects',
  ],
  ...['integration/queue-quarantine', 'integration/hook-tests', 'integration/hook-agents'],
  ...['integration/package', 'integration/field-cases', 'growth', 'protocol/verdict/output-cost'],
].map((name) => `test/${name}.test.ts`);

export class LongFirst extends BaseSequencer {
  /** Within its project: a worker that gets a file of another one is started anew. */
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    const rank = ({ moduleId }: TestSpecification) => {
      const at = long.findIndex((name) => moduleId.endsWith(`/${name}`));
      return at < 0 ? long.length : at;
    };
    const projects = [...new Set(sorted.map(({ project }) => project))];
    return projects.flatMap((one) =>
      sorted.filter(({ project }) => project === one).toSorted((a, b) => rank(a) - rank(b)),
    );
  }
}
