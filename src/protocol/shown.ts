/** Shortens texts from outside for messages, so that a message never grows with its input. */

const mostOfName = 100;
const mostCharacters = 1_000;

/** A name or a value, of which a long one is cut to its start. */
export function shown(text: string): string {
  return text.length <= mostOfName ? text : `${text.slice(0, mostOfName)}…`;
}

/** Both ends of a long message: the problem is at its start, the fix at its end. */
export function shortened(message: string, most = mostCharacters): string {
  return message.length <= most
    ? message
    : `${message.slice(0, most / 2)} … ${message.slice(-most / 2)}`;
}
