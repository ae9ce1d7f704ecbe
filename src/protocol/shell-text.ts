/**
 * Reads a shell text as simple commands with their lines, to find out what it needs. A text with
 * errors has the commands that the parser finds in spite of them.
 */
import { lineNumbers } from './lines.ts';
import { bodyOf, type Conditional, commandWords, headWords, testWords } from './shell-nodes.ts';
import { type CommandStanding, Standing } from './shell-standing.ts';
import { forEachChild, maxShellLength, type SyntaxNode, shellSyntax } from './shell-syntax.ts';
import { canEndWell, endsWell, isNeutral, toleratesFailures } from './shell-tolerance.ts';

interface Redirect {
  /** `>`, `>>`, `<`, `<<<` and so on, without the descriptor before it. */
  readonly operator: string;
  readonly word: string;
}

interface HereDocument {
  readonly text: string;
  /** The line of the text's first line. */
  readonly line: number;
}

export interface ShellCommand extends CommandStanding {
  /**
   * Without quotes. `$NAME`, `${…}` and `$(…)` stay as they are written, the values of an array are
   * left out. For a compound command the words of its head (`for x in a b`), or none where it has
   * redirections.
   */
  readonly words: readonly string[];
  readonly redirects: readonly Redirect[];
  readonly documents: readonly HereDocument[];
  readonly line: number;
  /** The operator behind it: `;`, `||`, a line end; empty at the end of a text or substitution. */
  readonly joiner: string;
}

export interface ShellText {
  /** In the order of their ends: what stands inside of a command comes first. */
  readonly commands: readonly ShellCommand[];
  readonly functions: ReadonlySet<string>;
}

/**
 * @returns no commands for a text that exceeds a limit of the parser. Of a text above
 * `maxShellLength` the first characters are read.
 */
export function readShell(text: string): ShellText {
  const some = text.slice(0, maxShellLength);
  const root = shellSyntax(some);
  const walk = new Walk(some);
  if (root !== undefined) walk.through(root);
  return walk;
}

/** Whether the redirection names a file, as `2>&1` and `<<< text` do not. */
export function namesFile({ operator, word }: Redirect): boolean {
  return operator !== '<<<' && !/^(?:\d+|-)$/.test(word);
}

/** The words of a command, and the files that it reads by `<`. */
export function wordsAndInputs({ words, redirects }: ShellCommand): readonly string[] {
  const inputs = redirects.filter(({ operator }) => operator === '<');
  // `done <file` is read as `: <file`, so that the file is not taken for a program.
  const program = words.length === 0 && inputs.length > 0 ? [':'] : words;
  return [...program, ...inputs.map(({ word }) => word)];
}

/**
 * The most substitutions and arithmetic expressions inside of each other; deeper ones are not read.
 * unbash reads the rest of the text again for each level: 65,536 characters of open substitutions
 * take 490 ms at 40 levels and 40 ms at 10.
 */
const maxDepth = 10;

type NodeOf<Type> = Extract<SyntaxNode, { readonly type: Type }>;
/** A node that is still to be read, or what is to be done behind the nodes before it. */
type Step = SyntaxNode | (() => void);

/** Goes through a tree without recursion: a sum of 65,536 numbers is as deep. */
class Walk implements ShellText {
  readonly commands: ShellCommand[] = [];
  readonly functions = new Set<string>();
  #text: string;
  #lineOf: (position: number) => number;
  readonly #standing = new Standing();
  #depth = 0;
  readonly #canEndWell: boolean;

  constructor(text: string) {
    this.#text = text;
    this.#canEndWell = canEndWell(text);
    this.#lineOf = lineNumbers(text);
  }

  through(root: SyntaxNode): void {
    const steps: Step[] = [root];
    for (let step = steps.pop(); step !== undefined; step = steps.pop()) {
      if (typeof step === 'function') step();
      else for (const next of this.#stepsOf(step).reverse()) steps.push(next);
    }
  }

  #stepsOf(node: SyntaxNode): Step[] {
    const steps: Step[] = [];
    if (node.type === 'ArithmeticExpansion') {
      // unbash reads an expression when its children are asked for.
      if (this.#depth === maxDepth) return steps;
      this.#depth++;
    }
    forEachChild(node, (child) => {
      if (child.type !== 'Word' || child.parts !== undefined) steps.push(child);
    });
    switch (node.type) {
      case 'Command':
        return [...steps, () => this.#add(node, commandWords(node), node.redirects)];
      case 'TestCommand':
        return [...steps, () => this.#add(node, testWords(node))];
      case 'Redirected':
        return [
          ...steps,
          () => this.#add({ pos: node.command.end, end: node.end }, [], node.redirects),
        ];
      case 'Script':
      case 'CompoundList':
        return this.#within(steps, this.#canEndWell && endsWell(node) ? true : undefined);
      case 'AndOr':
        return this.#within(this.#listSteps(node), toleratesFailures(node));
      case 'If':
      case 'While':
      case 'Case':
      case 'For':
      case 'Select':
      case 'ArithmeticFor':
      case 'Function':
        return this.#within(this.#conditionSteps(node, steps), false);
      case 'ArithmeticExpansion':
        return [...steps, () => this.#depth--];
      case 'CommandExpansion':
      case 'ProcessSubstitution':
      case 'ArithmeticCommandExpansion':
        return this.#substitutionSteps(node, steps);
      default:
        return steps;
    }
  }

  /** A command after `||`, or after `&&` and a program that may fail, is not sure. */
  #listSteps({ commands, operators }: NodeOf<'AndOr'>): Step[] {
    return commands.flatMap((command, at): Step[] => {
      const operator = operators[at];
      if (operator === undefined || (operator === '&&' && isNeutral(command))) return [command];
      return [command, this.#standing.unsure];
    });
  }

  /** The parts after the head are not sure; a function's body runs where it is called. */
  #conditionSteps(node: Conditional, steps: Step[]): Step[] {
    const head = (): void => {
      const words = headWords(node);
      if (node.type === 'Function') this.functions.add(node.name.value);
      else if (words.length > 0) this.#add({ pos: node.pos, end: node.pos }, words);
      this.#standing.unsure();
    };
    const body = bodyOf(node);
    steps.splice(body === undefined ? steps.length : steps.indexOf(body), 0, head);
    return steps;
  }

  /** A condition inside of a substitution ends with it. */
  #substitutionSteps(
    node: NodeOf<'CommandExpansion' | 'ProcessSubstitution' | 'ArithmeticCommandExpansion'>,
    steps: Step[],
  ): Step[] {
    if (this.#depth === maxDepth) return [];
    this.#depth++;
    const [lineOf, text] = [this.#lineOf, this.#text];
    const [start, end] = this.#standing.substitution();
    // The positions in backticks with a backslash are those in the text without it.
    const decoded = node.script?.source;
    if (decoded !== undefined) {
      const [lineInside, line] = [lineNumbers(decoded), lineOf(node.pos)];
      this.#lineOf = (position) => line + lineInside(position) - 1;
      this.#text = decoded;
    }
    return [
      start,
      ...steps,
      end,
      () => {
        this.#depth--;
        this.#lineOf = lineOf;
        this.#text = text;
      },
    ];
  }

  /** @param isTolerated undefined: as what the steps are a part of. */
  #within(steps: Step[], isTolerated: boolean | undefined): Step[] {
    const [start, end] = this.#standing.part(isTolerated);
    return [start, ...steps, end];
  }

  #add(
    { pos, end }: { readonly pos: number; readonly end: number },
    words: readonly string[],
    written: NodeOf<'Command'>['redirects'] = [],
  ): void {
    const redirects: Redirect[] = [];
    const documents: HereDocument[] = [];
    for (const one of written) {
      if (one.type !== 'HereDoc') {
        if (one.target !== undefined)
          redirects.push({ operator: one.operator, word: one.target.value });
      } else if (one.delimiter !== undefined)
        documents.push({ text: one.body.text, line: this.#lineOf(one.body.pos) });
    }
    if (words.length + redirects.length === 0) return;
    const line = this.#lineOf(pos);
    const joiner = this.#joinerAt(end);
    const standing = this.#standing.take(words);
    this.commands.push({ words, redirects, documents, line, ...standing, joiner });
  }

  /** The head of a compound command has no operator; `)` is the end of a subshell. */
  #joinerAt(end: number): string {
    const operator = /[ \t]{0,99}(&&|\|\||[;\n&|)])?/y;
    operator.lastIndex = end;
    const found = operator.exec(this.#text)?.[1] ?? '';
    return found === ')' && this.#depth > 0 ? '' : found;
  }
}
