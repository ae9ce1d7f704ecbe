/** Short ways to read a text, and to look at its values or its faults. */
import { expect } from 'vitest';
import { type ReadDocuments, SourceDocument } from '../../src/files/source-document.ts';
import { parseToml } from '../../src/files/toml.ts';

export const yaml = (text: string) => SourceDocument.parse('f', text);
export const toml = (text: string) => parseToml('f', text);

/** The values of a text that can be read. */
export function valuesOf({ documents, problems }: ReadDocuments): unknown[] {
  expect(problems).toEqual([]);
  return documents.map(({ value }) => value);
}

/** `line:column message` of every problem. */
export function faultsOf({ documents, problems }: ReadDocuments): string[] {
  expect(documents).toEqual([]);
  return problems.map(({ line, column, message }) => `${line}:${column} ${message}`);
}
