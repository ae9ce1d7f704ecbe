/** One defence taken away, and what must notice it. */
export interface Edit {
  readonly file: string;
  /** Stands in the file exactly once. */
  readonly find: string;
  readonly replace: string;
}

export interface Mutation {
  readonly name: string;
  /** What is gone. */
  readonly defence: string;
  readonly edits: readonly Edit[];
  /** What must fail: entries of the corpus, or a test file with a pattern for the title. */
  readonly noticedBy:
    | { readonly attacks: readonly string[] }
    | { readonly test: string; readonly title?: string };
}

/**
 * One edit that a test file must notice.
 * @param test path below test/, without `.test.ts`.
 */
export function mutation(
  name: string,
  defence: string,
  [file, find, replace]: readonly [string, string, string],
  test: string,
): Mutation {
  const noticedBy = { test: `test/${test}.test.ts` };
  return { name, defence, edits: [{ file, find, replace }], noticedBy };
}
