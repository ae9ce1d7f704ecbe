/** Texts of somebody else as our messages repeat them: a message never grows with its input. */

const mostOfName = 100;
const mostCharacters = 1_000;

/** A name or a value: the start of a long one. */
export function shown(text: string): string {
  return text.length <= mostOfName ? text : `${text.slice(0, mostOfName)}…`;
}

/** Both ends of a long message: what is wrong stands at its start, what to do at its end. */
export function shortened(message: string, most = mostCharacters): string {
  return message.length <= most ? message : `${message.slice(0, most / 2)} … ${message.slice(-most / 2)}`;
}
