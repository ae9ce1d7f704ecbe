/** Rules for the keys of http hooks in the files of agents that have them. */
import { isJsonObject } from '../protocol/json.ts';
import type { KeyRule, KeyRules } from './file-format.ts';
import { as, ignored } from './key-rules.ts';

/** A variable of a header's value, with or without braces. */
const variable = /\$(?:\{([A-Za-z_][A-Za-z0-9_]*)\}|([A-Za-z_][A-Za-z0-9_]*))/g;

/**
 * A variable that `allowedEnvVars` lists is the secret of that name. The agent would send nothing
 * for any other one, such as `Bearer ` without a token, so that is a problem.
 */
const headers: KeyRule = (value, { allowedEnvVars }) => {
  if (!isJsonObject(value)) return { set: { headers: value } };
  const listed: readonly unknown[] = Array.isArray(allowedEnvVars) ? allowedEnvVars : [];
  const unlisted = new Set<string>();
  const secretOf = (whole: string, braced?: string, bare?: string) => {
    const name = String(braced ?? bare);
    if (listed.includes(name)) return `\${secret:${name}}`;
    unlisted.add(name);
    return whole;
  };
  const read = Object.entries(value).map(([name, text]) => [
    name,
    typeof text === 'string' ? text.replace(variable, secretOf) : text,
  ]);
  if (unlisted.size === 0) return { set: { headers: Object.fromEntries(read) } };
  const names = [...unlisted].join(', ');
  return { problem: `headers name ${names}, and allowedEnvVars does not: list it there.` };
};

/** A value of the environment in an address would be a secret in logs of proxies and services. */
const url: KeyRule = (value) => {
  const isVariable = typeof value === 'string' && value.search(variable) !== -1;
  return isVariable
    ? { problem: 'url has a variable in it: write the address, and send a secret in a header.' }
    : { set: { url: value } };
};

/** `url`, `headers` and `allowedEnvVars`. */
export const httpKeys: KeyRules = { url, headers, allowedEnvVars: ignored };

/** A timeout in seconds. @param ofCommand the rule for commands. */
export const secondsBut =
  (ofCommand: KeyRule): KeyRule =>
  (value, hook) =>
    (hook['type'] ?? 'command') === 'command' ? ofCommand(value, hook) : as('timeout')(value, hook);
