/** Patterns that are compiled by the event that needs them first, out of its steps. */
import { Matching } from './matching.ts';

type Match<S> = (subject: S, matching?: Matching) => boolean;

/** Of one character of a pattern: compiling takes at most 0.9 µs for it. */
const stepsPerCharacter = 20;

/**
 * For a pattern that was found good before, as by another thread: many of them cost nothing until they are
 * used, and one event does not pay for all. A subject that comes before there were the steps is a match.
 * @param compile must not fail.
 */
export function compiledWhenUsed<S>(pattern: string, compile: () => Match<S>): Match<S> {
  let matches: Match<S> | undefined;
  return (subject, matching = new Matching()) => {
    if (matches === undefined && !matching.spend(stepsPerCharacter * pattern.length)) return matching.cannotTell();
    matches ??= compile();
    return matches(subject, matching);
  };
}
