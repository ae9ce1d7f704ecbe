/** The judges of an operator: a hook only names one, and who writes it learns no key. */
import { OutboundError } from '../../errors.ts';
import { parseRequestUrl, type RequestUrl } from '../../protocol/request-url.ts';
import { shown } from '../../protocol/shown.ts';
import { AddressRules } from '../addresses.ts';
import { isFor } from '../targets.ts';
import { Canary } from './canary.ts';
import { Circuit } from './circuit.ts';
import { Models } from './models.ts';
import { RecentTimes } from './recent-times.ts';
import type { JudgeEntry } from './settings.ts';
import { Slots } from './slots.ts';

export interface Judge {
  readonly name: string;
  readonly entry: JudgeEntry;
  readonly url: RequestUrl;
  readonly rules: AddressRules;
  /** PEM of the authorities that are trusted for it; undefined: the public ones. */
  readonly ca: string | undefined;
  readonly key: string | undefined;
  readonly circuit: Circuit;
  readonly slots: Slots;
  readonly times: RecentTimes;
  readonly models: Models;
  /** undefined: the operator wants none. */
  readonly canary: Canary | undefined;
}

export interface JudgeSecrets {
  /** By the names of judges. */
  readonly keys: ReadonlyMap<string, string>;
  /** The contents of the `caFile`s, by their names. */
  readonly cas: ReadonlyMap<string, string>;
}

export class Judges {
  readonly #all: readonly Judge[];

  constructor(
    entries: Readonly<Record<string, JudgeEntry>>,
    { keys, cas }: JudgeSecrets = { keys: new Map(), cas: new Map() },
  ) {
    this.#all = Object.entries(entries).map(([name, entry]) => ({
      name,
      entry,
      url: parseRequestUrl(entry.baseUrl),
      rules: new AddressRules(entry.private),
      ca: entry.caFile === undefined ? undefined : cas.get(entry.caFile),
      key: keys.get(name),
      circuit: new Circuit(),
      slots: new Slots(entry.atOnce),
      times: new RecentTimes(),
      models: new Models(),
      canary: entry.canary === undefined ? undefined : new Canary(entry.canary),
    }));
  }

  get all(): readonly Judge[] {
    return this.#all;
  }

  /**
   * The judge of that name or alias.
   * @throws OutboundError `JUDGE_UNKNOWN`; one text for all causes, because a tenant must not learn
   * the names of other tenants' judges.
   */
  find(model: string, tenant: string): Judge {
    const found = this.#all.find((one) => isFor(one.entry, tenant) && isCalled(one, model));
    if (found !== undefined) return found;
    throw new OutboundError(
      'JUDGE_UNKNOWN',
      `There is no judge "${shown(model)}" for tenant ${tenant}: the operator has to name it in the judges file, or give it as an alias.`,
    );
  }
}

function isCalled({ name, entry }: Judge, model: string): boolean {
  return name === model || entry.aliases.includes(model);
}
