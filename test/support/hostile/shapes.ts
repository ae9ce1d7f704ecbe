/** Texts of one shape and any size. They are generated when needed and not stored in files. */

/** Makes the text of a size: the number of levels, keys or lines that the shape repeats. */
export type Make = (size: number) => string;
export type Shapes = Readonly<Record<string, Make>>;

/** `n` pieces, each made from its number. */
export function pieces(n: number, piece: (index: number) => string, between = ''): string {
  return Array.from({ length: n }, (_, index) => piece(index)).join(between);
}

/** `n` openings around a middle, closed again as often. */
export function nested(n: number, open: string, close = '', middle = ''): string {
  return open.repeat(n) + middle + close.repeat(n);
}

/** The text of the shape at its largest size with at most `characters` characters. */
export function sized(make: Make, characters: number): string {
  let size = 1;
  while (make(size * 2).length <= characters && size < 1 << 24) size *= 2;
  for (let step = size / 2; step >= 1; step /= 2)
    if (make(size + step).length <= characters) size += step;
  return make(size);
}
