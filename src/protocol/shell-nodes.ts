/** The words of the nodes of a shell's syntax tree. */
import type {
  ArithmeticFor,
  Assignment,
  Case,
  Command,
  For,
  Function as FunctionNode,
  If,
  Select,
  SyntaxNode,
  TestCommand,
  TestExpression,
  While,
  Word,
} from 'unbash';

/** The words of a simple command, its assignments first, without redirections. */
export function commandWords({ prefix, name, args }: Command): string[] {
  const before = prefix.flatMap((part) => (part.type === 'Assignment' ? [part] : []));
  return [...before, ...(name === undefined ? [] : [name]), ...args].map(wordText);
}

function wordText(part: Word | Assignment): string {
  if (part.type === 'Word') return part.value;
  const { name, index, append, value } = part;
  const place = index === undefined ? '' : `[${index.text}]`;
  const sign = append === true ? '+=' : '=';
  return `${name}${place}${sign}${value.type === 'Word' ? value.value : ''}`;
}

/** Commands of which a part may not run. */
export type Conditional = If | While | Case | For | Select | ArithmeticFor | FunctionNode;

/** The first part that may not run. */
export function bodyOf(node: Conditional): SyntaxNode | undefined {
  if (node.type === 'If') return node.then;
  return node.type === 'Case' ? node.items[0] : node.body;
}

/** The words before the body of a compound command; empty where they are commands themselves. */
export function headWords(node: Conditional): string[] {
  switch (node.type) {
    case 'Case':
      return ['case', node.word.value, 'in'];
    case 'For':
    case 'Select': {
      const list = node.wordlist === undefined ? [] : ['in', ...node.wordlist.map(wordText)];
      return [node.type === 'For' ? 'for' : 'select', node.name.value, ...list];
    }
    case 'ArithmeticFor':
      return ['for'];
    default:
      return [];
  }
}

/** `[[ … ]]` with its operators, in a loop: a test may have thousands of them. */
export function testWords({ expression }: TestCommand): string[] {
  const words = ['[['];
  const waiting: (TestExpression | string)[] = [']]', expression];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    if (typeof next === 'string') words.push(next);
    else for (const part of partsOf(next).reverse()) waiting.push(part);
  }
  return words;
}

function partsOf(node: TestExpression): (TestExpression | string)[] {
  switch (node.type) {
    case 'TestUnary':
      return [node.operator, node.operand.value];
    case 'TestBinary':
      return [node.left.value, node.operator, node.right.value];
    case 'TestNot':
      return [...node.negations.map(() => '!'), node.operand];
    case 'TestGroup':
      return ['(', node.expression, ')'];
    default:
      return node.operands.flatMap((operand, at) =>
        at === 0 ? [operand] : [node.operator, operand],
      );
  }
}
