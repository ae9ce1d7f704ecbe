/** Limits how much of a script's output goes into messages. */

const quoteLength = 200;
const mostNames = 20;

/** The head of a text, for a message. */
export function quote(text: string): string {
  return text.length > quoteLength ? `${text.slice(0, quoteLength)}…` : text;
}

/** The first 20 names, and how many more there are. */
export function listed(names: readonly string[]): string {
  const more = names.length - mostNames;
  const first = quote(names.slice(0, mostNames).join(', '));
  return more > 0 ? `${first} and ${more} more` : first;
}
