/** Checks the text of a hook set while it is written. */

import { useEffect, useState } from 'preact/hooks';
import { messageOf } from '../errors.ts';
import type { CheckAnswer } from '../server/api-types.ts';
import type { Marked } from './editor/editor.ts';
import { checkText, type StoredText } from './hook-set-draft.ts';

/** A pause in typing after which the text is checked. */
const pauseMs = 400;
const wholePauseMs = 1_200;

export interface Checked {
  readonly answer?: CheckAnswer;
  readonly marks: readonly Marked[];
  readonly hasProblems: boolean;
  readonly failure: string;
}

/**
 * Checks the text after each pause in typing, and after a longer one also with the interpreters of its
 * scripts, which takes a sandbox. The answer to an older text is dropped.
 */
export function useCheck(stored: StoredText, text: string): Checked {
  const [checked, setChecked] = useState<Checked>({ marks: [], hasProblems: false, failure: '' });
  useEffect(() => {
    const ended = new AbortController();
    let hasWhole = false;
    const check = async (isWhole: boolean) => {
      try {
        const answer = await checkText(stored, text, { isWhole, signal: ended.signal });
        // The first check may be the slower one; it has found less.
        if (hasWhole) return;
        hasWhole = isWhole;
        setChecked({ answer, marks: marksOf(answer), hasProblems: !answer.ok, failure: '' });
      } catch (error) {
        if (ended.signal.aborted) return;
        const failure = messageOf(error);
        setChecked((before) => ({ ...before, failure }));
      }
    };
    const timers = [
      setTimeout(() => check(false), pauseMs),
      setTimeout(() => check(true), wholePauseMs),
    ];
    return () => {
      for (const timer of timers) clearTimeout(timer);
      ended.abort();
    };
  }, [stored, text]);
  return checked;
}

function marksOf({ problems, warnings }: CheckAnswer): Marked[] {
  return [
    ...problems.map((problem) => ({ ...problem, severity: 'error' as const })),
    ...warnings.map((warning) => ({ ...warning, severity: 'warning' as const })),
  ];
}
