/** Patterns that are compiled by the event that needs them first, out of its steps. */
import { maxExpressionLength } from './expression.ts';
import { Matching, maxEventSteps } from './matching.ts';

type Match<S> = (subject: S, matching?: Matching) => boolean;

/**
 * Steps of 10 ns for one character of a pattern. A list of names takes 0.03 to 0.09 µs; an expression or a glob 0.3
 * to 0.9 µs; one with a property (`\p{L}`) or with choices or counts in braces, which are written out, 6 to 8 µs.
 */
const stepsPerCharacter = { list: 10, other: 100, braces: 800 } as const;

/**
 * The most for one expression: 2,000 characters with properties take 12 ms, and would take more than all steps of
 * any event. A list of names that takes more steps than an event has is never compiled.
 */
const mostSteps = 0.4 * maxEventSteps;

/**
 * For a pattern that was found good before, as by another thread: many of them cost nothing until they are
 * used, and one event does not pay for all. A subject that comes before there were the steps is a match.
 * @param compile must not fail.
 */
export function compiledWhenUsed<S>(pattern: string, compile: () => Match<S>): Match<S> {
  const steps = compileSteps(pattern);
  let matches: Match<S> | undefined;
  return (subject, matching = new Matching()) => {
    if (matches === undefined && steps > 0 && !matching.spend(steps)) return matching.cannotTell();
    matches ??= compile();
    return matches(subject, matching);
  };
}

/** Of 10 ns; known without a look at what the pattern means. */
function compileSteps(pattern: string): number {
  const { length } = pattern;
  if (/^[\w\-|, ]*$/.test(pattern)) return stepsPerCharacter.list * length;
  const steps = length * (pattern.includes('{') ? stepsPerCharacter.braces : stepsPerCharacter.other);
  return length <= maxExpressionLength ? Math.min(mostSteps, steps) : steps;
}
