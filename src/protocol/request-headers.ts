/** The headers that a hook may send. */
import { shown } from './shown.ts';
import { headerTemplateProblem } from './template.ts';

/** Names that HTTP itself, a proxy or hookpool sets; a hook that sets one would forge it. */
const reserved: ReadonlySet<string> = new Set([
  ...['host', 'content-length', 'content-encoding', 'transfer-encoding', 'connection'],
  ...['keep-alive', 'upgrade', 'te', 'trailer', 'expect', 'cookie', 'forwarded', 'via'],
  ...['accept-encoding', 'user-agent', 'idempotency-key'],
  ...['webhook-id', 'webhook-timestamp', 'webhook-signature'],
]);

/**
 * Names by which gateways and frameworks take another path, method, host or client than those of the
 * request: with them a hook would leave the path of its target, or come from an address inside.
 */
const overriding =
  /^x-(original-(url|uri|host|method)|rewrite-(url|uri)|host|(http-)?method(-override)?)$|^(x-)?(real|client|true-client|cluster-client|remote|originating|cf-connecting|fastly-client)-(ip|addr)$/;

/** The most headers of a hook, and the most characters of their names and values together. */
const headerLimits = { count: 32, characters: 8_192 } as const;

/** Why a hook cannot send a header of this name; undefined when it can. */
export function headerNameProblem(name: string): string | undefined {
  // Servers that hand headers over as variables take `_` for `-`.
  const lower = name.toLowerCase().replaceAll('_', '-');
  if (!/^[!#$%&'*+.^_`|~0-9A-Za-z-]{1,128}$/.test(name))
    return `"${shown(name)}" is no name of a header.`;
  const isReserved =
    reserved.has(lower) || /^(proxy-|x-forwarded-|sec-)/.test(lower) || overriding.test(lower);
  return isReserved ? `A hook cannot set the header ${name}: it is set for it.` : undefined;
}

/** Whether a text can be a header's value: one line of plain ASCII, which cannot end the header. */
export function isHeaderValue(text: string): boolean {
  return /^[\t\x20-\x7e]*$/.test(text);
}

interface HeaderProblem {
  /** Absent: it is all of them together. */
  readonly name?: string;
  readonly problem: string;
}

/** Why a hook cannot send these headers. */
export function headerProblems(headers: Readonly<Record<string, string>>): HeaderProblem[] {
  const all = Object.entries(headers);
  const characters = all.reduce((sum, [name, value]) => sum + name.length + value.length, 0);
  if (all.length > headerLimits.count || characters > headerLimits.characters) {
    const { count, characters: most } = headerLimits;
    return [{ problem: `A hook has at most ${count} headers of ${most} characters together.` }];
  }
  const names = new Set<string>();
  return all.flatMap(([name, value]): HeaderProblem[] => {
    const isTwice = names.has(name.toLowerCase());
    names.add(name.toLowerCase());
    const problem =
      headerNameProblem(name) ??
      (isTwice ? `The header ${name} is there twice: keep one.` : undefined) ??
      headerTemplateProblem(value) ??
      (isHeaderValue(value) ? undefined : `The header ${name} must be one line of plain ASCII.`);
    return problem === undefined ? [] : [{ name, problem }];
  });
}
