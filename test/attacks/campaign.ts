/** Runs the steps of a plan and looks after each one at what it left. */
import { Arena, type ArenaOptions, type AttackOptions, type Sighting } from './arena.ts';
import { breach, isAboutTime } from './boundary.ts';
import type { Attempt, Open } from './entry.ts';
import { outputOf } from './judge.ts';
import type { Followers, Step } from './plan.ts';
import { knownLimit } from './runtime.ts';

export interface Verdict {
  readonly broken: readonly string[];
  /** Set where all that broke is a limit that is known. */
  readonly known?: Open | undefined;
}

/**
 * The concurrent check starts when the plant has certainly begun: its output is not seen before its
 * end.
 */
const headStartMs = 1_000;
/** The half of a double fork that the zygote has not reaped yet. One that a job left would stay. */
const passingZombie = /^BREACHED:proc:\d+:0:Z$/;

export interface CampaignOptions extends ArenaOptions {
  /**
   * With isolation `tenant`, a canary looks on a new container too, after each so many steps: what a
   * step leaves outside of its container is there until then. Default: 1. A container takes 0.2 s of
   * CPU time.
   */
  readonly stepsPerNew?: number;
}

export class Campaign {
  readonly arena: Arena;
  readonly #followers: Followers;
  readonly #stepsPerNew: number;
  #steps = 0;

  private constructor(arena: Arena, followers: Followers, stepsPerNew: number) {
    this.arena = arena;
    this.#followers = followers;
    this.#stepsPerNew = stepsPerNew;
  }

  static async open(
    { stepsPerNew = 1, ...options }: CampaignOptions,
    followers: Followers,
  ): Promise<Campaign> {
    return new Campaign(await Arena.open(options), followers, stepsPerNew);
  }

  /** What a busy machine did does not repeat: a step that was only late gets a second try. */
  async run(step: Step): Promise<Verdict> {
    const first = await this.#runOnce(step);
    const onlyLate = first.broken.length > 0 && first.broken.every((text) => isAboutTime(text));
    return onlyLate ? this.#runOnce(step) : first;
  }

  async #runOnce(step: Step): Promise<Verdict> {
    const sightings =
      step.mode === 'concurrent' ? await this.#together(step) : await this.#inTurn(step);
    const verdicts = step.attempts.map((attempt, index) =>
      this.#verdict(attempt, sightings[index]),
    );
    const told = verdicts.flatMap(({ broken }, index) =>
      broken.map((text) => `${step.attempts[index]?.title}: ${text}`),
    );
    this.#steps += 1;
    const isDue = this.arena.isolation === 'tenant' && this.#steps % this.#stepsPerNew === 0;
    const fresh = isDue ? this.onNew() : undefined;
    for (const tenant of step.mode === 'concurrent' ? ['attack', 'other'] : ['attack']) {
      const { broken } = await this.#sing({ tenant, alone: fresh === undefined });
      told.push(...broken.map((text) => `the canary after it: ${text}`));
    }
    told.push(...((await fresh) ?? []));
    if (step.attempts.some(({ entry }) => entry.expect.host?.includes('next_control_block_ok'))) {
      const { broken } = await this.arena.attack(this.#followers.blocking, { alone: false });
      told.push(...broken.map((text) => `the control after it: ${text}`));
    }
    told.push(...(await this.arena.unwanted()));
    return { broken: told, known: verdicts.find(({ known }) => known !== undefined)?.known };
  }

  /** @returns what a canary on a container that was never used finds. */
  async onNew(): Promise<string[]> {
    const { broken } = await this.#sing({ isolation: 'job', alone: false });
    return broken.map((text) => `the canary on a new container: ${text}`);
  }

  #verdict({ entry }: Attempt, sighting: Sighting | undefined): Verdict {
    if (sighting === undefined) return { broken: ['was not run'] };
    const { outcome, judged, broken } = sighting;
    const known = judged.length === 0 ? undefined : knownLimit(entry, outcome, this.arena.runtime);
    if (known !== undefined) return { broken: broken.slice(judged.length), known };
    const mended =
      entry.open !== undefined && broken.length === 0 && this.arena.isolation === 'tenant';
    return { broken: mended ? ['holds now: remove its `open` from the corpus'] : broken };
  }

  async #inTurn({ attempts, mode }: Step): Promise<Sighting[]> {
    const from = this.arena.now();
    const sightings: Sighting[] = [];
    for (const attempt of attempts) {
      const one =
        attempt.entry.id === this.#followers.canary.entry.id
          ? await this.#sing({})
          : await this.arena.attack(attempt, { from });
      const elsewhere = mode === 'sequential' && sightings.length > 0 && one.destroyed.length > 0;
      const expected = this.arena.isolation === 'job' || attempts[0]?.entry.pair?.replaces === true;
      const vacuous = breach(
        'reset between jobs',
        `the plant cost its container (${one.destroyed[0]}), so the check shows nothing`,
      );
      sightings.push(elsewhere && !expected ? { ...one, broken: [...one.broken, vacuous] } : one);
    }
    return sightings;
  }

  async #together({ attempts: [plant, check] }: Step): Promise<Sighting[]> {
    if (plant === undefined || check === undefined) return [];
    const planting = this.arena.attack(plant, { alone: false });
    await new Promise((resolve) => setTimeout(resolve, headStartMs));
    const checked = await this.arena.attack(check, { tenant: 'other', alone: false });
    return [await planting, checked];
  }

  /**
   * On the container that was attacked, or on its replacement; with isolation `job` on one that was
   * never used.
   */
  async #sing(where: AttackOptions): Promise<Sighting> {
    const first = await this.arena.attack(this.#followers.canary, where);
    return passingZombie.test(outputOf(first.outcome.run))
      ? this.arena.attack(this.#followers.canary, where)
      : first;
  }
}
