/** Whose task is next: tenants take turns. */

/**
 * Maximum number of tenants whose last turn is remembered; a forgotten one counts as new and goes
 * first.
 */
const maxRemembered = 1_000;

export class TaskTurns {
  /** Tenants in the order in which their last tasks began. */
  readonly #begun = new Set<string>();

  /**
   * Returns the first task of a tenant that had no turn yet, else of the one whose last turn is
   * longest ago.
   */
  next<T extends { readonly tenant: string }>(tasks: readonly T[]): T | undefined {
    const turns = [...this.#begun];
    const lastTurn = ({ tenant }: T) => turns.indexOf(tenant);
    return tasks.reduce<T | undefined>(
      (best, task) => (best && lastTurn(best) <= lastTurn(task) ? best : task),
      undefined,
    );
  }

  took(tenant: string): void {
    this.#begun.delete(tenant);
    this.#begun.add(tenant);
    const [oldest = tenant] = this.#begun;
    if (this.#begun.size > maxRemembered) this.#begun.delete(oldest);
  }
}
