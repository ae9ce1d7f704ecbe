/**
 * All defences that `npm run mutate` takes away. The attacks are mild enough to run where their
 * defence is missing.
 */
import type { Mutation } from './mutation.ts';
import { ofContainer } from './of-container.ts';
import { ofHost } from './of-host.ts';
import { ofJudgeLimits } from './of-judge-limits.ts';
import { ofJudges } from './of-judges.ts';
import { ofOutbound } from './of-outbound.ts';
import { ofOutboundQueue } from './of-outbound-queue.ts';
import { ofSharedKernel } from './of-shared-kernel.ts';
import { ofStates } from './of-states.ts';
import { ofSupervisor } from './of-supervisor.ts';
import { ofVerdicts } from './of-verdicts.ts';

export const mutations: readonly Mutation[] = [
  ...ofContainer,
  ...ofSharedKernel,
  ...ofSupervisor,
  ...ofHost,
  ...ofStates,
  ...ofOutbound,
  ...ofOutboundQueue,
  ...ofVerdicts,
  ...ofJudges,
  ...ofJudgeLimits,
];
