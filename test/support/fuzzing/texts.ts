/**
 * Hostile texts from a grammar: its small pieces, repeated, nested, numbered and inserted into each
 * other, and whole texts with a part changed in this way.
 */
import type { Shapes } from '../hostile/shapes.ts';
import type { Random } from './random.ts';

export interface Grammar {
  /** The smallest meaningful texts. `#` is replaced by a different number each time. */
  readonly pieces: readonly string[];
  readonly shapes: Shapes;
  readonly samples: readonly string[];
}

const strange = [
  '',
  '\0',
  '\u2028',
  '\ufeff',
  '\ud800',
  '\u001b[2J',
  '\u202e',
  '😀',
  '\r',
  '\t',
  '\\',
  '"',
  "'",
  '\n',
] as const;
/** With more operations most texts are refused at their first character. */
const mostSteps = 4;

/** A text of at most `most` characters. */
export function textOf(grammar: Grammar, random: Random, most: number): string {
  let text = base(grammar, random, most);
  for (let steps = random.below(mostSteps); steps > 0; steps -= 1)
    text = changed(text, grammar, random, most);
  return text.slice(0, most);
}

function base(grammar: Grammar, random: Random, most: number): string {
  const { shapes, samples } = grammar;
  const kind = random.below(3);
  if (kind === 0 && samples.length > 0) return random.pick(samples).slice(0, most);
  if (kind === 1) return fitting(random.pick(Object.values(shapes)), random.size(1, most), most);
  return repeated(grammar, random, most);
}

/** Some shapes grow faster than their size. */
function fitting(make: (size: number) => string, size: number, most: number): string {
  const few = Math.min(size, 64);
  const each = Math.max(1, make(few).length / few);
  return make(Math.max(1, Math.min(size, Math.floor(most / each))));
}

/** A sequence of pieces, repeated many times, or opened and closed many times. */
function repeated({ pieces }: Grammar, random: Random, most: number): string {
  const sequence = () =>
    Array.from({ length: 1 + random.below(4) }, () => random.pick(pieces)).join('');
  const unit = sequence() || ' ';
  const times = Math.max(1, Math.floor(random.size(1, most) / unit.length));
  const numbered = (text: string) =>
    text.includes('#')
      ? Array.from({ length: times }, (_, i) => text.replaceAll('#', String(i))).join('')
      : text.repeat(times);
  const end = random.below(3);
  if (end === 0) return numbered(unit);
  if (end === 1) return numbered(unit) + sequence() + numbered(sequence());
  return sequence() + numbered(unit) + sequence();
}

/** The text with a part of it repeated, removed, or moved. */
export function changed(text: string, grammar: Grammar, random: Random, most: number): string {
  const at = random.below(text.length + 1);
  const room = Math.max(1, most - text.length);
  switch (random.below(7)) {
    case 0:
      return text.slice(0, at) + repeated(grammar, random, room) + text.slice(at);
    case 1: {
      const part = text.slice(at, at + random.size(1, 256)) || ' ';
      return (
        text.slice(0, at) +
        part.repeat(Math.max(1, Math.floor(random.size(1, room) / part.length))) +
        text.slice(at)
      );
    }
    case 2:
      return text.slice(0, at) + text.slice(at + random.size(1, 256));
    case 3:
      return text.slice(0, at) + random.pick(strange) + text.slice(at + random.below(2));
    case 4:
      return text.slice(0, at);
    case 5:
      return text.slice(0, at) + base(grammar, random, room) + text.slice(at);
    default:
      return text.slice(at) + random.pick(grammar.pieces) + text.slice(0, at);
  }
}
