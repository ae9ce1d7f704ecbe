/** The headers that a hook may send. */
import { shown } from './shown.ts';

/** Names that HTTP itself, a proxy or hookpool sets; a hook that sets one would forge it. */
const reserved: ReadonlySet<string> = new Set([
  ...['host', 'content-length', 'content-encoding', 'transfer-encoding', 'connection'],
  ...['keep-alive', 'upgrade', 'te', 'trailer', 'expect', 'cookie', 'forwarded', 'via'],
  ...['accept-encoding', 'user-agent', 'idempotency-key'],
  ...['webhook-id', 'webhook-timestamp', 'webhook-signature'],
]);

/** The most headers of a hook, and the most characters of their names and values together. */
export const headerLimits = { count: 32, characters: 8_192 } as const;

/** Why a hook cannot send a header of this name; undefined when it can. */
export function headerNameProblem(name: string): string | undefined {
  const lower = name.toLowerCase();
  if (!/^[!#$%&'*+.^_`|~0-9A-Za-z-]{1,128}$/.test(name))
    return `"${shown(name)}" is no name of a header.`;
  const isReserved = reserved.has(lower) || /^(proxy-|x-forwarded-|sec-)/.test(lower);
  return isReserved ? `A hook cannot set the header ${name}: it is set for it.` : undefined;
}

/** Whether a text can be a header's value: one line of plain ASCII, which cannot end the header. */
export function isHeaderValue(text: string): boolean {
  return /^[\t\x20-\x7e]*$/.test(text);
}
