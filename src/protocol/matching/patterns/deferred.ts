/**
 * Defers the compilation of a pattern to the first event that needs it; the compilation counts
 * against that event's steps.
 */
import { maxExpressionLength } from './expression.ts';
import { Matching, maxEventSteps } from './matching.ts';

type Match<S> = (subject: S, matching?: Matching) => boolean;

/**
 * Steps of 10 ns for compiling one character of a pattern. A list of names takes 0.03 to 0.09 µs;
 * an expression or a glob 0.3 to 0.9 µs; a pattern with a property (`\p{L}`) or with choices or
 * counts in braces, which are written out, 6 to 8 µs.
 */
const stepsPerCharacter = { list: 10, other: 100, braces: 800 } as const;

/**
 * The most steps for compiling one expression: 2,000 characters with properties take 12 ms, which
 * is more than all steps of an event. A list of names that takes more steps than an event has is
 * never compiled.
 */
const mostSteps = 0.4 * maxEventSteps;

/**
 * For a pattern that was validated before, for example by a worker thread. Unused patterns cost
 * nothing, and one event need not compile all of them. While an event has too few steps to compile
 * the pattern, every subject matches.
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

/** The steps for compiling a pattern, of 10 ns each, estimated without parsing it. */
function compileSteps(pattern: string): number {
  const { length } = pattern;
  if (/^[\w\-|, ]*$/.test(pattern)) return stepsPerCharacter.list * length;
  const steps =
    length * (pattern.includes('{') ? stepsPerCharacter.braces : stepsPerCharacter.other);
  return length <= maxExpressionLength ? Math.min(mostSteps, steps) : steps;
}
