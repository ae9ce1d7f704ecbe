/** Line numbers of positions in a text. */

/** @returns the line of a position, the first one is 1; found by halving. */
export function lineNumbers(text: string): (position: number) => number {
  const ends: number[] = [];
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) ends.push(at);
  return (position) => {
    let low = 0;
    let high = ends.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((ends[middle] as number) < position) low = middle + 1;
      else high = middle;
    }
    return low + 1;
  };
}
