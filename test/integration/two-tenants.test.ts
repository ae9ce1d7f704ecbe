/**
 * Tenant a sends everything that takes a server's time, memory or places, while tenant b asks every
 * 50 ms, with a guard of each failMode, what its guard must block and what it must let pass. Needs
 * `npm run build`.
 */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Arena, faultsOf } from '../support/two-tenants/arena.ts';
import { attacks } from '../support/two-tenants/attacks.ts';

let arena: Arena;

beforeAll(async () => {
  arena = await Arena.open();
});

afterAll(() => arena.close());

// A machine that does something else for a second is no attack: what is slow twice more is.
test.each(attacks)(
  'b is answered rightly and in time while a sends $name',
  { retry: 2 },
  async (attack) => {
    expect(faultsOf(await arena.attack(attack), attack.mayWait)).toEqual([]);
  },
);
