/** What a shell text needs: programs, files, variables of the agent, state of earlier runs. */
import { readShell, type ShellCommand } from '../../protocol/shell-text.ts';
import { type Called, calledBy, inlineShell, pythonStarts, shells } from '../called.ts';
import { nodeStart } from '../node-start.ts';
import { uvScript } from '../uv.ts';
import { dispensable } from './dispensable.ts';
import { Facts, type NeedsPlace, network } from './facts.ts';
import { bashWords, imagePrograms } from './image.ts';
import { type PathUse, pathFacts } from './path-facts.ts';
import { usesOf } from './path-uses.ts';
import { pythonFacts } from './python-needs.ts';
import { assignedIn, meantBy } from './shell-values.ts';

const inImage = new Set([...imagePrograms, ...bashWords]);
/** Deepest text inside a text: `bash -c "bash -c …"`. */
const maxDepth = 4;

export function shellFacts(text: string, place: NeedsPlace, depth = 0): Facts {
  const facts = new Facts();
  if (depth > maxDepth) return facts;
  const { commands, functions } = readShell(text);
  for (const name of functions) facts.functions.add(name);
  const values = assignedIn(commands);
  const meant = (word: string) => meantBy(word, values, place);
  const uses: PathUse[] = [];
  const spared = dispensable(commands);
  for (const [index, command] of commands.entries()) {
    const isSure = command.isSure && spared[index] !== true;
    takeProgram(facts, { ...command, isSure }, meant);
    takeInner(facts, command, place, depth);
    takeVariables(facts, command, place, values);
    uses.push(...usesOf(command, meant));
  }
  pathFacts(facts, uses, values, place);
  return facts;
}

function takeProgram(
  facts: Facts,
  { words, line, isSure }: ShellCommand,
  meant: (word: string) => string,
): void {
  const [first = '', option = ''] = words;
  if (first === 'alias') for (const word of words) facts.functions.add(word.replace(/=.*/s, ''));
  const called = calledBy(words);
  const asks = /^(?:type|which|hash)$/.test(first);
  const isAsked = asks || (first === 'command' && /^-[vV]$/.test(option));
  for (const written of asks ? words.slice(1) : [called.program, ...startedByFind(called)]) {
    const name = missingProgram(written.startsWith('$') ? meant(written) : written, called);
    if (name === undefined) continue;
    const kind = network.includes(name) ? 'network' : 'program';
    facts.add(kind, name, line, { isSure: isSure && !isAsked && written === called.program });
  }
}

function missingProgram(word: string, called: Called): string | undefined {
  const name = programOf(word);
  if (name !== undefined && isNodeInstead(name, called)) return 'node';
  return name === undefined || inImage.has(name) || isReplaced(name, called) ? undefined : name;
}

/** start.ts defines these as functions of the shell; another program cannot start a function. */
function isReplaced(name: string, { given, isWrapped }: Called): boolean {
  return !isWrapped && (name === 'python' || (name === 'uv' && uvScript(given) !== undefined));
}

/** start.ts lets node run what bun, tsx and others start. */
function isNodeInstead(name: string, { given, isWrapped }: Called): boolean {
  return !isWrapped && nodeStart(name, given)?.instead !== undefined;
}

/** The program of `find -exec`. */
function startedByFind({ program, given }: Called): string[] {
  if (program !== 'find') return [];
  return given.filter((_, index) => /^-(?:exec|ok)(?:dir)?$/.test(given[index - 1] ?? ''));
}

/** Name of a program that stands in a system folder, on a drive of Windows or nowhere in particular. */
function programOf(word: string): string | undefined {
  const [, inFolder] =
    /^\/(?:usr|opt|bin|sbin)\/(?:[\w.-]+\/){0,6}([A-Za-z][\w.+-]*)$/.exec(word) ?? [];
  return inFolder ?? (/^[A-Za-z_][\w.+-]*$|^[A-Za-z]:[\w.+\\/ -]+$/.test(word) ? word : undefined);
}

function takeInner(
  facts: Facts,
  { words, documents, line, isSure }: ShellCommand,
  place: NeedsPlace,
  depth: number,
): void {
  const { program, given } = calledBy(words);
  const [document] = documents;
  if (shells.includes(program)) {
    const inline = inlineShell(given);
    if (inline !== undefined) facts.take(shellFacts(inline, place, depth + 1), line, isSure);
    else if (document !== undefined && given.every((word) => word.startsWith('-')))
      facts.take(shellFacts(document.text, place, depth + 1), document.line, isSure);
  }
  if (program === 'eval' && given.length > 0)
    facts.take(shellFacts(given.join(' '), place, depth + 1), line, false);
  if (!/^python3?$/.test(program)) return;
  const { module } = pythonStarts(given);
  if (module !== undefined) facts.add('module', module.replace(/\..*/s, ''), line);
  const at = given.indexOf('-c');
  const code = at === -1 ? undefined : given[at + 1];
  if (code !== undefined) facts.take(pythonFacts(code, place), line, isSure);
  else if (document !== undefined && given.every((word) => word.startsWith('-')))
    facts.take(pythonFacts(document.text, place), document.line, isSure);
}

/**
 * Members of the context that older agents gave as variables. With a default, another variable is a
 * setting of the user or one of several agents' folders, and the script can do without it.
 */
const ofContext =
  /TOOL|FILE_PATH|HOOK|SESSION|TRANSCRIPT|ENV_FILE|EVENT|PROMPT|MESSAGE|PLUGIN_DATA/;

/** Variables of the agent that the text does not set. */
function takeVariables(
  facts: Facts,
  { words, redirects, line }: ShellCommand,
  { folders, agentVariables, set }: NeedsPlace,
  values: ReadonlyMap<string, string>,
): void {
  const known = [...folders, ...set];
  for (const word of [...words, ...redirects.map(({ word: target }) => target)]) {
    const isInDefault = folders.some((folder) => word.includes(`\${${folder}`));
    for (const { 0: name, index } of word.matchAll(agentVariables)) {
      const start = word.slice(Math.max(0, index - 2), index);
      if (!/\$\{?$/.test(start) || known.includes(name) || values.has(name)) continue;
      const hasDefault = start === '${' && /^[-:=+]/.test(word.charAt(index + name.length));
      if ((!hasDefault && !isInDefault) || ofContext.test(name))
        facts.add('variable', name, line, { isSure: !hasDefault });
    }
  }
}
