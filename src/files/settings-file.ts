/** Reads a file of an operator's settings, which is accepted whole or refused with every problem. */
import type { z } from 'zod';
import { InvalidInputError } from '../errors.ts';
import { shown } from '../protocol/shown.ts';
import { formatProblems } from './problem-text.ts';
import { type Path, type Problem, SourceDocument, told } from './source-document.ts';

/**
 * Parses one YAML or JSON document by its schema.
 * @throws InvalidInputError `INVALID_CONFIG` with file, line and column of every problem; values of
 * the file are never quoted.
 */
export function parseSettings<T>(file: string, text: string, schema: z.ZodType<T>): T {
  const { documents, problems } = SourceDocument.parse(file, text);
  const [source, second] = documents;
  if (source === undefined) throw refused(problems);
  if (second !== undefined)
    throw refused([second.problem([], 'The file must be one document: remove the others.')]);
  const { data, error } = schema.safeParse(source.value);
  if (error === undefined) return data;
  throw refused(error.issues.flatMap((issue) => problemsOf(source, issue)));
}

function problemsOf(source: SourceDocument, issue: z.core.$ZodIssue): Problem[] {
  const path = issue.path as Path;
  if (issue.code === 'unrecognized_keys')
    return issue.keys.map((key) =>
      source.problem([...path, key], `Unknown key "${shown(key)}": remove it.`, 'key'),
    );
  const name = path.length === 0 ? 'the file' : path.join('.');
  return [source.problem(path, `${shown(name)}: ${issue.message}.`)];
}

function refused(problems: readonly Problem[]): InvalidInputError {
  return new InvalidInputError('INVALID_CONFIG', formatProblems(told(problems)));
}
