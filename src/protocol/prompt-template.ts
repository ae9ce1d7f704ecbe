// biome-ignore-all lint/suspicious/noTemplateCurlyInString: placeholders are written so
/**
 * Placeholders in the prompt of a judge. One scan goes over the author's text; each placeholder
 * becomes the name of a block of data, so that policy and data never stand in one text.
 */
import { attempted, InvalidInputError } from '../errors.ts';
import type { DataBlock } from './fence.ts';
import type { JudgeAction } from './judge-action.ts';
import type { PlaceholderGrammar } from './judge-rules.ts';
import { shown } from './shown.ts';
import { contextPath, jsonFinder } from './template.ts';

/** A text of the author, or the place of a block; without a path it is the whole context. */
type Part = string | { readonly path?: string };

const mostBlocks = 16;
/** The most characters of a prompt. */
const mostPrompt = 64 << 10;

const names: Readonly<Record<string, string | undefined>> = {
  INPUT: undefined,
  TOOL_NAME: 'tool_name',
  TOOL_INPUT: 'tool_input',
  TOOL_OUTPUT: 'tool_output',
  AGENT_NAME: 'agent_name',
  PROMPT: 'prompt',
  EVENT: 'event',
};

interface Grammar {
  readonly places: RegExp;
  /** @throws InvalidInputError `INVALID_HOOKS` */
  readonly part: (match: RegExpMatchArray) => Part;
}

const argumentsWord = '\\$ARGUMENTS(?![A-Za-z0-9_])';
const field = '\\.([A-Z][A-Za-z0-9]{0,63})';

const grammars: Readonly<Record<Exclude<PlaceholderGrammar, 'none'>, Grammar>> = {
  arguments: {
    places: new RegExp(`\\\\\\$|${argumentsWord}`, 'g'),
    part: ([whole]) => (whole === '\\$' ? '$' : {}),
  },
  'string-template': {
    places: /\$(?:(\$)|([A-Z_]+)|\{([A-Z_]+)\})/g,
    part: ([whole, dollar, bare, braced]) => {
      const name = bare ?? braced ?? '';
      return dollar ?? (Object.hasOwn(names, name) ? blockAt(names[name]) : whole);
    },
  },
  'go-template': {
    // Blanks and dashes are taken off below: an expression that tries them each at every place of
    // 16,000 blanks would take minutes.
    places: /\{\{([^{}]*)\}\}|\{\{/g,
    part: ([, inner = '']) => {
      const action = inner.replace(/^-/, '').replace(/-$/, '').trim();
      const shapes = [
        `${field}(?:\\s*\\|\\s*(?:toJSON|truncate\\s+\\d+))*`,
        `toJSON\\s+${field}`,
        `truncate\\s+\\d+\\s+${field}`,
      ];
      const found = shapes.map((shape) => new RegExp(`^${shape}$`).exec(action)?.[1]);
      const name = found.find((one) => one !== undefined);
      if (name === undefined)
        throw invalid(
          `"{{${shown(action)}}}" cannot be read: write {{ .Field }}, {{ toJSON .Field }} or {{ truncate 100 .Field }}`,
        );
      return { path: name.replace(/\B[A-Z]/g, '_$&').toLowerCase() };
    },
  },
  paths: {
    places: new RegExp(`\\$(\\$)(?=\\{)|\\\\\\$|${argumentsWord}|\\$\\{([^{}]*)\\}|\\$\\{`, 'g'),
    part: ([whole, dollar, path]) => {
      if (dollar !== undefined || whole === '\\$') return '$';
      return whole.startsWith('$A') ? {} : { path: contextPath(path) };
    },
  },
};

function blockAt(path: string | undefined): Part {
  return path === undefined ? {} : { path };
}

function partsOf(grammar: PlaceholderGrammar, text: string): Part[] {
  if (grammar === 'none') return [text];
  const { places, part } = grammars[grammar];
  const parts: Part[] = [];
  let end = 0;
  for (const match of text.matchAll(places)) {
    parts.push(text.slice(end, match.index), part(match));
    end = match.index + match[0].length;
  }
  return [...parts, text.slice(end)];
}

/** Why a prompt cannot be used; undefined when it can. */
export function promptProblem(grammar: PlaceholderGrammar, text: string): string | undefined {
  if (text.length > mostPrompt)
    return `The prompt has ${text.length} characters; ${mostPrompt} are the most.`;
  const { value, problem } = attempted(() => partsOf(grammar, text));
  if (value === undefined) return problem;
  const paths = value.flatMap((part) => (typeof part === 'string' ? [] : [part.path]));
  const count = new Set(paths).size;
  return count > mostBlocks
    ? `The prompt names ${count} members of the context; ${mostBlocks} are the most.`
    : undefined;
}

/** A question, its two sides apart. */
export interface Question {
  /** The author's text, with the names of blocks where his placeholders were. */
  readonly policy: string;
  readonly data: readonly DataBlock[];
  /** Paths that the context does not have: each of them is null. */
  readonly missing: readonly string[];
}

/**
 * @param context the JSON text of the context. It is a block as a whole where the prompt has no
 * placeholder: a judge that sees no event can judge nothing.
 */
export function renderPrompt(
  grammar: PlaceholderGrammar,
  { prompt, select }: Pick<JudgeAction, 'prompt' | 'select'>,
  context: string,
): Question {
  const find = jsonFinder(context);
  const missing = new Set<string>();
  const jsonAt = (path: string) => {
    const json = find(path.split('.'));
    if (json === undefined) missing.add(path);
    return json ?? 'null';
  };
  const whole = () =>
    select === undefined
      ? context
      : `{${select.map((path) => `${JSON.stringify(path)}:${jsonAt(path)}`).join(',')}}`;
  const blocks = new Map<string, string>();
  const texts = partsOf(grammar, prompt).map((part) => {
    if (typeof part === 'string') return part;
    const name = part.path ?? 'INPUT';
    if (!blocks.has(name)) blocks.set(name, part.path === undefined ? whole() : jsonAt(part.path));
    return `[data ${name}, below]`;
  });
  if (blocks.size === 0) blocks.set('INPUT', whole());
  const data = [...blocks].map(([name, json]) => ({ name, json }));
  return { policy: texts.join(''), data, missing: [...missing] };
}

function invalid(what: string): InvalidInputError {
  return new InvalidInputError('INVALID_HOOKS', `${what}.`);
}
