/** The kinds of sandboxes that jobs asked for lately: blank ones are kept ready for them. */
import { defaultKind, kindKey, type SandboxKind } from '../protocol/sandbox-kind.ts';

interface Use {
  readonly kind: SandboxKind;
  lastAt: number;
}

export class RecentKinds {
  readonly #idleMs: number;
  readonly #uses = new Map<string, Use>();

  /** @param idleMs milliseconds after its last use in which a kind counts as recent */
  constructor(idleMs: number) {
    this.#idleMs = idleMs;
  }

  used(kind: SandboxKind): void {
    this.#uses.set(kindKey(kind), { kind, lastAt: performance.now() });
  }

  /** Drops kinds that were used too long ago; until then they count as recent. */
  forgetOld(): void {
    const now = performance.now();
    for (const [key, { lastAt }] of this.#uses)
      if (now - lastAt > this.#idleMs) this.#uses.delete(key);
  }

  /** Whether a blank sandbox of the kind stays: the default kind always does. */
  isKept(kind: SandboxKind): boolean {
    const key = kindKey(kind);
    return key === kindKey(defaultKind) || this.#uses.has(key);
  }

  /**
   * The kinds of which blank sandboxes are made ahead of jobs: the default one, then recent ones
   * without a workspace. Workspaces are too many, and a job of one rarely follows another's.
   */
  warm(): readonly SandboxKind[] {
    const recent = [...this.#uses.values()]
      .map(({ kind }) => kind)
      .filter((kind) => kind.workspace === undefined && kind.profile !== defaultKind.profile);
    return [defaultKind, ...recent];
  }
}
