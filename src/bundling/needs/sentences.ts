/** The sentences about what a text lacks: one for each kind, with the line of the first. */
import type { Fact, Kind } from './facts.ts';

export interface Sentence {
  readonly text: string;
  readonly line: number;
}

/** The most names in one sentence. */
const maxNames = 6;

const texts: Readonly<Record<Kind, (names: readonly string[]) => string>> = {
  program: programText,
  network: networkText,
  module: (names) =>
    `${the('python module', names)} ${is(names)} neither in the sandbox's image nor among the files: put ${names.length === 1 ? 'it' : 'them'} beside the script.`,
  package: (names) =>
    `${the('npm package', names)} ${is(names)} neither in the sandbox's image nor among the files: list ${names.length === 1 ? 'its folder' : 'their folders'} of node_modules in files.`,
  variable: (names) =>
    `needs ${the('variable', names)} of the agent, which a sandbox does not have: read the JSON on stdin.`,
  path: (names) =>
    `${list(names)} ${names.length === 1 ? 'does' : 'do'} not go along: name what is needed in files.`,
  write: (names) =>
    `writes ${names.every((name) => name === '') ? 'files' : `to ${list(names)}`}: only /tmp and the run's own copy of the project can be written, and nothing there outlives the run.`,
  state: (names) =>
    `reads ${list(names)} of an earlier run: nothing in /tmp outlives the run without "state: session" on the hook.`,
  log: (names) =>
    `appends to ${list(names)}: nothing in /tmp outlives the run without "state: session" on the hook.`,
  opened: (names) =>
    `opens what ${list(names)} names: it is on the agent's machine and not in a sandbox.`,
  home: (names) =>
    `uses the home folder (${list(names)}): a sandbox has an empty one, and nothing in it outlives the run.`,
  rest: (names) => `is longer than ${list(names)} characters: the rest is not looked at.`,
};

/** The sentences, in the order of the lines. */
export function sentences(facts: readonly Fact[]): Sentence[] {
  const kinds = [...new Set(facts.map(({ kind }) => kind))];
  const found = kinds.map((kind) => {
    const some = facts.filter((fact) => fact.kind === kind);
    const line = Math.min(...some.map((fact) => fact.line));
    return { text: texts[kind](some.map(({ name }) => name)), line };
  });
  return found.sort((a, b) => a.line - b.line);
}

export function programText(names: readonly string[]): string {
  return `${list(names)} ${is(names)} not in the sandbox's image.`;
}

export function networkText(names: readonly string[]): string {
  const need = names.length === 1 ? 'needs' : 'need';
  return `${list(names)} ${need} the network, which a sandbox does not have.`;
}

function the(what: string, names: readonly string[]): string {
  return `the ${what}${names.length === 1 ? '' : 's'} ${list(names)}`;
}

function is(names: readonly string[]): string {
  return names.length === 1 ? 'is' : 'are';
}

/** `a`, `a and b`, `a, b and 3 more`. */
function list(names: readonly string[]): string {
  const shown =
    names.length > maxNames
      ? [...names.slice(0, maxNames), `${names.length - maxNames} more`]
      : names;
  return [shown.slice(0, -1).join(', '), ...shown.slice(-1)]
    .filter((part) => part !== '')
    .join(' and ');
}
