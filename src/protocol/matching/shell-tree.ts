/**
 * The syntax tree of a line of shell, without lines that bash, dash and zsh read in different ways.
 * unbash reads bash alone and repairs what it does not understand; here a line with an error is not
 * understood, and then every hook runs.
 */
import type { Command, HereDocDelimiter, Redirection, TestCommand } from 'unbash';
import { forEachChild, type SyntaxNode, shellSyntax } from '../shell-syntax.ts';

/** The commands of a line and of its substitutions, as they are written. */
export interface ShellTree {
  readonly text: string;
  readonly commands: readonly (Command | TestCommand)[];
  /** The line has a variable or a substitution. */
  readonly expands: boolean;
  readonly hasDocument: boolean;
  /** The texts of the comments without their `#`. */
  readonly comments: readonly string[];
}

/**
 * The most characters of a line; Claude Code does not read longer ones either. unbash takes 14 ms
 * for them.
 */
export const maxLineLength = 10_000;
/**
 * The most characters of a line times its openings, each of which may be a level of nesting at
 * which unbash reads the rest again: 12 ms. 10,000 characters with 200 levels take 100 ms.
 */
const maxWork = 100_000;
const opening = /[(`{[]|<</g;
/**
 * Texts that have another meaning in another shell. A backslash before a line break joins parts
 * that look separate, and control characters differ. In `${…}`, quotes and blanks have other rules
 * than around it.
 */
const foreign =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for.
  /\$\{(?![^'"`\\;&|<>(){}\s]*\})|[^ \t\n]\\\n|[\0-\x08\x0b-\x1f\x7f]/;
/** An arithmetic expression that contains no command, whichever shell reads it. */
const sum = /^\$\(\(\s*[\w$]+(?:\s*[+*/%<>=!?:,-]+\s*[\w$]+)*\s*\)\)$/;
const delimiter = /^(?:[\w.-]+|'[\w.-]+'|"[\w.-]+")$/;
const expansions: ReadonlySet<string> = new Set([
  'SimpleExpansion',
  'ParameterExpansion',
  'CommandExpansion',
  'ArithmeticExpansion',
]);
/** Nodes that may contain nothing but a comment. */
const scripts: ReadonlySet<string> = new Set(['Script', 'CompoundList']);
const understood: ReadonlySet<string> = new Set([
  ...expansions,
  ...['Script', 'Statement', 'CompoundList', 'Command', 'Pipeline', 'AndOr', 'Time', 'Negation'],
  ...['If', 'Elif', 'For', 'While', 'Select', 'Case', 'CaseItem', 'Function', 'Subshell'],
  ...['BraceGroup', 'Redirected', 'Redirect', 'HereDoc', 'HereDocDelimiter', 'HereDocBody'],
  ...['HereString', 'FileDescriptor', 'Word', 'Assignment', 'Literal', 'SingleQuoted'],
  ...['DoubleQuoted', 'Glob', 'BraceExpansion', 'ProcessSubstitution', 'TestCommand'],
  ...['TestUnary', 'TestBinary', 'TestNot', 'ArithmeticBinary', 'ArithmeticUnary'],
  ...['ArithmeticTernary', 'ArithmeticWord'],
]);

/** @returns undefined for a line that is not understood or exceeds a limit. */
export function parseShell(text: string): ShellTree | undefined {
  if (text.length > maxLineLength || foreign.test(text)) return undefined;
  const openings = text.match(opening)?.length ?? 0;
  if (text.length * openings > maxWork) return undefined;
  const root = shellSyntax(text);
  return root === undefined ? undefined : new Walk(text).from(root);
}

class Walk {
  readonly #text: string;
  readonly #commands: (Command | TestCommand)[] = [];
  /** 1 where a character belongs to a word or to a here-document. */
  readonly #covered: Uint8Array;
  #expands = false;
  #hasDocument = false;

  constructor(text: string) {
    this.#text = text;
    this.#covered = new Uint8Array(text.length);
  }

  from(root: SyntaxNode): ShellTree | undefined {
    const nodes = [root];
    for (let node = nodes.pop(); node !== undefined; node = nodes.pop()) {
      if (!this.#takes(node)) return undefined;
      const children: SyntaxNode[] = [];
      forEachChild(node, (child) => children.push(child));
      nodes.push(...children.reverse());
      if (children.length === 0 && !scripts.has(node.type))
        this.#covered.fill(1, node.pos, node.end);
    }
    return {
      text: this.#text,
      commands: this.#commands,
      expands: this.#expands,
      hasDocument: this.#hasDocument,
      comments: this.#comments(),
    };
  }

  /** @returns false where the node is not understood. */
  #takes(node: SyntaxNode): boolean {
    if (!understood.has(node.type)) return false;
    this.#expands ||= expansions.has(node.type);
    switch (node.type) {
      case 'Script':
        return (node.errors?.length ?? 0) === 0;
      case 'CommandExpansion':
      case 'ProcessSubstitution':
        // In backticks a backslash hides quotes and other backticks.
        return (
          node.script !== undefined && !(node.text.startsWith('`') && node.text.includes('\\'))
        );
      case 'ArithmeticExpansion':
        return sum.test(node.text);
      case 'HereDoc':
        this.#hasDocument = true;
        return (
          node.closing !== undefined && delimiter.test((node.delimiter as HereDocDelimiter).text)
        );
      case 'HereString':
        this.#hasDocument = true;
        return true;
      case 'Assignment':
        return node.value.type === 'Word';
      case 'Command':
        this.#commands.push(node);
        return isSameForDash(node.prefix, node.suffix);
      case 'TestCommand':
        this.#commands.push(node);
        return !/[&|<>()\n]/.test(this.#text.slice(node.pos, node.end));
      default:
        return true;
    }
  }

  #comments(): string[] {
    const found: string[] = [];
    const start = /(?<![^\s;&|()])#/g;
    for (let match = start.exec(this.#text); match !== null; match = start.exec(this.#text)) {
      if (this.#covered[match.index] === 1) continue;
      const end = this.#text.indexOf('\n', match.index);
      start.lastIndex = end === -1 ? this.#text.length : end;
      found.push(this.#text.slice(match.index + 1, start.lastIndex));
    }
    return found;
  }
}

/** For dash `&>` ends the command, and the words behind its target are another one. */
function isSameForDash(
  prefix: readonly (Redirection | SyntaxNode)[],
  suffix: readonly (Redirection | SyntaxNode)[],
): boolean {
  const parts = [...prefix, ...suffix];
  const first = parts.findIndex(
    (part) => part.type === 'Redirect' && part.operator.startsWith('&>'),
  );
  if (first === -1) return true;
  return first >= prefix.length && parts.slice(first).every(({ type }) => type === 'Redirect');
}
