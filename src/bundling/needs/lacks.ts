/** Says in sentences what the files of a hook need and a sandbox lacks. */
import { nameOf } from '../inside.ts';

import type { Fact, Facts } from './facts.ts';
import { networkText, programText, type Sentence, sentences } from './sentences.ts';

/** A text that runs, with its facts. */
export interface Looked {
  /** `hooks/x.sh`; empty for the command or the script of the hook itself. */
  readonly name: string;
  readonly facts: Facts;
}

/** The most sentences of one hook. */
const maxSentences = 10;

/** Something that the default profile lacks. */
export interface Lacking {
  readonly text: Looked;
  readonly fact: Fact;
}

/**
 * @param texts all that run together, so that they know each other's functions and modules.
 * @param paths of all files that go along.
 * @param isTaken whether the files of a folder go along.
 */
export function lackingFacts(
  texts: readonly Looked[],
  paths: Iterable<string>,
  isTaken: (folder: string) => boolean,
): Lacking[] {
  const along = new AlongPaths(paths, isTaken);
  const known = new Set(texts.flatMap(({ facts }) => [...facts.functions]));
  const all = texts.flatMap(({ facts }) => facts.all);
  const isLibraryMissing = all.some((fact) => fact.isSourced === true && isAway(fact, along));
  const isFunction = (name: string) => known.has(name) || (isLibraryMissing && name.includes('_'));
  return texts.flatMap((text) =>
    text.facts.all
      .filter((fact) => isLacking(fact, isFunction, along))
      .map((fact) => ({ text, fact })),
  );
}

/** Whether a sandbox with a workspace has it. A transcript lies outside of the project. */
export function isOfProject({ kind, name }: Fact): boolean {
  return kind === 'path' || (kind === 'opened' && !name.includes('transcript'));
}

/** The sentences about facts, each once, in the order of the texts. */
export function lacksOf(lacking: readonly Lacking[]): string[] {
  const byText = new Map<Looked, Fact[]>();
  for (const { text, fact } of lacking) byText.set(text, [...(byText.get(text) ?? []), fact]);
  const found = [...byText].flatMap(([text, facts]) =>
    sentences(facts).map((sentence) => placed(text, sentence)),
  );
  const distinct = [...new Set(found)];
  const more = distinct.length - maxSentences;
  if (more <= 0) return distinct;
  return [...distinct.slice(0, maxSentences), `and ${more} more of this kind.`];
}

/**
 * What the command itself certainly misses: its program, and a variable that has no default. The
 * hook can do nothing without it.
 */
export function certainLacks(facts: readonly Fact[]): string[] {
  const certain = facts.filter(isCertain);
  const texts = certain.map(({ kind, name }) => {
    if (kind === 'program') return programText([name]);
    return kind === 'network' ? networkText([name]) : variableText(name);
  });
  return [...new Set(texts)];
}

export function isCertain({ kind, isSure }: Fact): boolean {
  return isSure && ['program', 'network', 'variable'].includes(kind);
}

function variableText(name: string): string {
  return `needs the variable ${name} of the agent, which a sandbox does not have: read the JSON on stdin.`;
}

function placed({ name }: Looked, { text, line }: Sentence): string {
  if (name === '') return line === 1 ? text : `line ${line}: ${text}`;
  return `${name}:${line}: ${text}`;
}

function isLacking(fact: Fact, isFunction: (name: string) => boolean, along: AlongPaths): boolean {
  const { kind, name } = fact;
  if (kind === 'program' || kind === 'network') return !isFunction(name);
  if (kind === 'module') return !along.hasName(name);
  if (kind === 'package') return !along.hasName(nameOf(name));
  return kind !== 'path' || isAway(fact, along);
}

/** A path of which only the end is known is looked for by its name. */
function isAway({ name, places = [], isFolder }: Fact, along: AlongPaths): boolean {
  if (isFolder === true) return !places.some((place) => along.isTaken(place));
  return places.length === 0
    ? !along.hasName(nameOf(name))
    : !places.some((place) => along.has(place));
}

/** Paths and folders of the files that go along. */
class AlongPaths {
  readonly #paths = new Set<string>();
  readonly #names = new Set<string>();

  readonly isTaken: (folder: string) => boolean;

  constructor(paths: Iterable<string>, isTaken: (folder: string) => boolean) {
    this.isTaken = isTaken;
    for (const path of paths) {
      const names = path.split('/');
      for (const [index, name] of names.entries()) {
        this.#paths.add(names.slice(0, index + 1).join('/'));
        this.#names.add(name).add(name.replace(/\.py$/, ''));
      }
    }
  }

  has(path: string): boolean {
    return path === '' || this.#paths.has(path);
  }

  hasName(name: string): boolean {
    return this.#names.has(name);
  }
}
