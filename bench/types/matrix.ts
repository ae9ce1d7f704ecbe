/** What each type of hook is measured beside. All contenders take turns in one setting. */
import { guardNames } from '../guards.ts';
import { type Cell, smallContext } from '../side-by-side/matrix.ts';

export interface TypeRow {
  /** The type of hook for which the contender is measured. */
  readonly type: string;
  readonly method: string;
  /** The contender that does the same without hookpool; undefined: this one. */
  readonly bare?: string;
}

export const typeRows: readonly TypeRow[] = [
  { type: 'callable', method: 'bare python3' },
  { type: 'callable', method: 'hookpool command', bare: 'bare python3' },
  { type: 'callable', method: 'hookpool callable', bare: 'bare python3' },
  { type: 'http', method: 'bare fetch, connection kept' },
  { type: 'http', method: 'bare request' },
  { type: 'http', method: 'hookpool http', bare: 'bare request' },
  { type: 'http, TLS', method: 'bare request, TLS' },
  { type: 'http, TLS', method: 'hookpool http, TLS', bare: 'bare request, TLS' },
  { type: 'prompt', method: 'bare question' },
  { type: 'prompt', method: 'hookpool prompt', bare: 'bare question' },
  { type: 'agent', method: 'two bare questions' },
  { type: 'agent', method: 'hookpool ReadFile alone' },
  { type: 'agent', method: 'hookpool agent', bare: 'two bare questions' },
];

/** As in the side-by-side run: one caller, 1 KiB, a rest of 30 ms. Each has 100 calls. */
export function typesMatrix(): Cell[] {
  return typeRows.map(({ method }) => ({
    guard: guardNames[0],
    method,
    rest: 30,
    callers: 1,
    contextBytes: smallContext,
    calls: 100,
  }));
}
