/** All attacks of tenant a, in their order. */
import type { Attack } from './attack.ts';
import { connectionAttacks } from './connection-attacks.ts';
import { bodyAttacks, documentAttacks } from './document-attacks.ts';
import { patternAttacks } from './pattern-attacks.ts';
import { scriptAttacks } from './script-attacks.ts';

export const attacks: readonly Attack[] = [
  ...documentAttacks,
  ...bodyAttacks,
  ...patternAttacks,
  ...scriptAttacks,
  ...connectionAttacks,
];

/** The attacks that reach the main thread of a worker. */
export const workerAttacks: readonly Attack[] = scriptAttacks.filter(({ name }) =>
  /prints|rewrites 20/.test(name),
);
