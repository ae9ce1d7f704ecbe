/** What one text, a script file or a command, needs from its surroundings. */

import type { ShellPlace } from './shell-values.ts';

/** Where a text runs. */
export interface NeedsPlace extends ShellPlace {
  /** Matches the variables that the agents set for their hooks. */
  readonly agentVariables: RegExp;
  /** Variables that the hook sets. */
  readonly set: readonly string[];
}

export const network = 'curl wget ssh scp sftp rsync nc ncat netcat telnet ftp'.split(' ');

export type Kind =
  | 'program'
  | 'module'
  | 'package'
  | 'network'
  | 'variable'
  | 'path'
  | 'write'
  | 'state'
  | 'log'
  | 'opened'
  | 'home'
  | 'rest';

export interface Fact {
  readonly kind: Kind;
  /** Of the program, module, variable or member of the context; a path as it is written. */
  readonly name: string;
  readonly line: number;
  /** No condition stands before it, and the text does not ask first whether it is there. */
  readonly isSure: boolean;
  /** Of a path: where it may be, relative to the project's folder; empty: below any folder. */
  readonly places?: readonly string[];
  /** The places are folders: the name of the file in them is computed. */
  readonly isFolder?: boolean;
  /** The file holds functions and variables that the text uses. */
  readonly isSourced?: boolean;
}

/** The most facts of one text; the first ones are kept. */
const maxFacts = 200;

export class Facts {
  readonly all: Fact[] = [];
  /** Functions and aliases that the text defines. */
  readonly functions = new Set<string>();
  readonly #known = new Map<string, number>();

  /** Adds a fact. Of equal ones the first is kept, and the sure one before the others. */
  add(kind: Kind, name: string, line: number, more: Partial<Fact> = {}): void {
    const fact = { kind, name, line, isSure: false, ...more };
    const key = `${kind} ${name}`;
    const index = this.#known.get(key);
    if (index !== undefined) {
      if (fact.isSure && this.all[index]?.isSure === false) this.all[index] = fact;
    } else if (this.all.length < maxFacts) {
      this.#known.set(key, this.all.length);
      this.all.push(fact);
    }
  }

  /**
   * Adds those of a text inside this one.
   * @param line of its first line.
   */
  take(inner: Facts, line: number, isSure: boolean): void {
    for (const fact of inner.all) {
      const more = { ...fact, line: line + fact.line - 1, isSure: isSure && fact.isSure };
      this.add(fact.kind, fact.name, more.line, more);
    }
    for (const name of inner.functions) this.functions.add(name);
  }
}
