/**
 * deploy/bridge/native/tables.h, made from the tables of src/agents/: the answers of the native
 * bridge where there is no decision, and where each agent keeps its transcripts.
 */
import type { EventKind } from '../src/agents/answer-table.ts';
import {
  answersTo,
  answerTable,
  dialects,
  findDialect,
  transcriptFoldersOf,
} from '../src/agents/registry.ts';
import { answerFor } from '../src/answering/answer-for.ts';
import { foldName } from '../src/protocol/dialect-lookup.ts';

const intro = `/* The tables of the native bridge. \`npm run schema\` writes this file from src/agents/. */
#ifndef HOOKPOOL_BRIDGE_TABLES_H
#define HOOKPOOL_BRIDGE_TABLES_H

#include "dialect.h"
`;

/** Stands for the reason; JSON escapes its quote, which shows whether stdout is JSON. */
const reasonMark = '<reason">';
/** No name of an event, so that its row is that of unknown events. */
const unknownName = '<unknown>';

const openKinds: readonly EventKind[] = ['stop', 'notice'];

/** Distinct values in the order in which they were asked for. */
class Numbered {
  readonly all: string[] = [];

  /** @returns the place of the value, where it stays */
  of(value: string): number {
    const found = this.all.indexOf(value);
    return found === -1 ? this.all.push(value) - 1 : found;
  }
}

export function bridgeTables(): string {
  const templates = new Numbered();
  const lists = new Numbered();
  const named = (type: string, items: readonly string[]) =>
    `list_${lists.of(`${type}|${inLines(items)}`)}`;
  const rows = dialects.map(({ name, eventKeys, transcriptKeys }) => {
    const parts = [
      quoted(name),
      named('struct row', rowsOf(name, templates)),
      named('struct folder', foldersOf(name)),
      named('char *const', [...eventKeys.map(quoted), 'NULL']),
      named('char *const', [...transcriptKeys.map(quoted), 'NULL']),
    ];
    return `    {${parts.join(', ')}},\n`;
  });
  const written = lists.all.map((one, at) => {
    const [type, items] = one.split('|');
    return `static const ${type} list_${at}[] = {${items}\n};\n`;
  });
  return [
    intro,
    `static const struct template templates[] = {\n${templates.all.map((one) => `    ${one},\n`).join('')}};\n`,
    written.join(''),
    `static const struct dialect dialects[] = {\n${rows.join('')}    {NULL, NULL, NULL, NULL, NULL},\n};\n`,
    '#endif\n',
  ].join('\n');
}

/** The aliases first, as the registry looks for them; the last row is that of unknown events. */
function rowsOf(dialect: string, templates: Numbered): string[] {
  const { events } = answerTable(dialect);
  const names = [...Object.keys(findDialect(dialect).eventAliases ?? {}), ...Object.keys(events)];
  const known = names.map((name) => row(dialect, name, quoted(foldName(name)), templates));
  return [...known, row(dialect, unknownName, 'NULL', templates)];
}

function row(dialect: string, event: string, key: string, templates: Numbered): string {
  const { kind } = answersTo(dialect, event).answers;
  const numbers = (['block', 'ask', 'allow'] as const).map((mode) =>
    templates.of(templateOf(dialect, event, mode)),
  );
  return `{${key}, {${numbers.join(', ')}}, ${openKinds.includes(kind)}}`;
}

function templateOf(dialect: string, event: string, mode: 'block' | 'ask' | 'allow'): string {
  const told =
    mode === 'allow'
      ? ({ decision: 'none', systemMessage: reasonMark } as const)
      : ({ decision: mode, reason: reasonMark } as const);
  const { stdout, stderr, exitCode } = answerFor(dialect, event, told);
  const inJson = JSON.stringify(reasonMark).slice(1, -1);
  const out = stdout.replaceAll(inJson, '\u0001').replaceAll(reasonMark, '\u0002');
  const errors = stderr.replaceAll(reasonMark, '\u0002');
  if (out.includes(unknownName) || errors.includes(unknownName))
    throw new Error(`The native bridge cannot name an unknown event, as ${dialect} demands.`);
  return `{${exitCode}, ${quoted(out)}, ${quoted(errors)}}`;
}

/** What stands behind the variable has its place before the home folder of the same agent. */
function foldersOf(dialect: string): string[] {
  return [
    ...transcriptFoldersOf(dialect).map(({ inHome, variable }) => {
      const other =
        variable === undefined ? ['NULL', 'NULL'] : [variable.name, variable.below].map(quoted);
      return `{${[quoted(inHome), ...other].join(', ')}}`;
    }),
    '{NULL, NULL, NULL}',
  ];
}

/** Items in lines of at most 100 columns. */
function inLines(items: readonly string[]): string {
  const lines = [''];
  for (const item of items) {
    const last = lines.at(-1) ?? '';
    if (last !== '' && last.length + item.length + 2 <= 100) lines[lines.length - 1] += ` ${item},`;
    else lines.push(`    ${item},`);
  }
  return lines.join('\n');
}

/** A string of C. */
function quoted(text: string): string {
  const escaped = [...text].map((one) => {
    const code = one.charCodeAt(0);
    if (one === '"' || one === '\\') return `\\${one}`;
    if (one === '\n') return '\\n';
    return code < 0x20 ? `\\${code.toString(8).padStart(3, '0')}` : one;
  });
  return `"${escaped.join('')}"`;
}
