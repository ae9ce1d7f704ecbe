/** The sandboxes that no job holds: blank ones, and idle ones with the tenant that used them. */
import { kindKey, type SandboxKind } from '../protocol/sandbox-kind.ts';
import type { PooledSandbox } from './lease.ts';
import type { RecentKinds } from './recent-kinds.ts';

/** A sandbox and the kind that it has in its whole life. */
export interface Member {
  readonly sandbox: PooledSandbox;
  readonly kind: SandboxKind;
}

interface Idle {
  readonly member: Member;
  readonly key: string;
  readonly since: number;
}

export interface Expired {
  /** Above the age limit before their first job. */
  readonly worn: readonly Member[];
  /** Unused for too long, or above the age limit. */
  readonly unused: readonly Member[];
}

export interface ExpiryLimits {
  readonly idleMs: number;
  readonly maxAgeMs: number;
}

export class FreeSandboxes {
  readonly #blank: Member[] = [];
  readonly #idle: Idle[] = [];

  get blank(): number {
    return this.#blank.length;
  }

  get idle(): number {
    return this.#idle.length;
  }

  blankOf(kind: SandboxKind): number {
    return this.#blank.filter(isOf(kind)).length;
  }

  all(): PooledSandbox[] {
    return this.#members().map(({ sandbox }) => sandbox);
  }

  addBlank(member: Member): void {
    this.#blank.push(member);
  }

  addIdle(member: Member, tenant: string): void {
    const key = tenantKey(tenant, member.kind);
    this.#idle.push({ member, key, since: performance.now() });
  }

  takeBlank(kind: SandboxKind): Member | undefined {
    const index = this.#blank.findIndex(isOf(kind));
    return index < 0 ? undefined : this.#blank.splice(index, 1)[0];
  }

  /** Takes the sandbox of the kind that the tenant used last. */
  takeIdleOf(tenant: string, kind: SandboxKind): Member | undefined {
    const key = tenantKey(tenant, kind);
    const index = this.#idle.findLastIndex((idle) => idle.key === key);
    return index < 0 ? undefined : this.#idle.splice(index, 1)[0]?.member;
  }

  /** Takes the sandbox that is missed least: the longest idle one, else the oldest blank one. */
  takeLeastMissed(): Member | undefined {
    return this.#idle.shift()?.member ?? this.#blank.shift();
  }

  /** Takes this sandbox; undefined when it is not among these. */
  take(sandbox: PooledSandbox): Member | undefined {
    const member = this.#members().find((one) => one.sandbox === sandbox);
    const blank = this.#blank.findIndex((one) => one.sandbox === sandbox);
    const idle = this.#idle.findIndex((one) => one.member.sandbox === sandbox);
    if (blank >= 0) this.#blank.splice(blank, 1);
    if (idle >= 0) this.#idle.splice(idle, 1);
    return member;
  }

  takeAll(): Member[] {
    return [...this.#blank.splice(0), ...this.#idle.splice(0).map(({ member }) => member)];
  }

  /** @param kept the kinds of which blank sandboxes stay */
  takeExpired({ idleMs, maxAgeMs }: ExpiryLimits, kept: Pick<RecentKinds, 'isKept'>): Expired {
    const now = performance.now();
    const isOld = ({ sandbox }: Member) => now - sandbox.createdAt > maxAgeMs;
    const worn = this.#blank.filter(isOld);
    const unused = this.#idle
      .filter(({ member, since }) => now - since > idleMs || isOld(member))
      .map(({ member }) => member);
    const unkept = this.#blank.filter((member) => !isOld(member) && !kept.isKept(member.kind));
    for (const { sandbox } of [...worn, ...unused, ...unkept]) this.take(sandbox);
    return { worn, unused: [...unused, ...unkept] };
  }

  #members(): Member[] {
    return [...this.#blank, ...this.#idle.map(({ member }) => member)];
  }
}

/** A text that jobs of one tenant and one kind share. */
export function tenantKey(tenant: string, kind: SandboxKind): string {
  return JSON.stringify([tenant, kindKey(kind)]);
}

function isOf(kind: SandboxKind): (member: Member) => boolean {
  const key = kindKey(kind);
  return (member) => kindKey(member.kind) === key;
}
