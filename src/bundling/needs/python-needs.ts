/** What a python text needs: modules, programs that it starts, files, state of earlier runs. */
import { lineNumbers } from '../../protocol/lines.ts';
import { foldersFrom, from } from '../paths-in-text.ts';
import { Facts, type NeedsPlace, network } from './facts.ts';
import { imageModules, imagePrograms } from './image.ts';
import { pythonFolders } from './python-folders.ts';
import { startedPrograms } from './python-programs.ts';
import { projectPaths } from './python-project.ts';
import { importsIn, isForTypes, pythonCode } from './python-text.ts';

const modules = new Set(imageModules);
const programs = new Set(imagePrograms);
/** Modules of the standard library that only serve to reach the network. */
const reaching =
  /^(?:(?:import|from)[ \t]+(urllib\.request|http\.client|smtplib|ftplib)\b|from[ \t]+(urllib)[ \t]+import[ \t]+(request)\b)/;
const name = '[A-Za-z_]\\w{0,60}';
const writes =
  /\bopen\([^()\n]{1,120}(?:\([^()\n]{0,80}\)[^()\n]{0,80})?,\s{0,9}(?:mode=)?["'][wax]\+?b?t?["']|\.write_(?:text|bytes)\(|\.mkdir\(|\bmakedirs\(|\.touch\(|\.open\((?:mode=)?["'][wax]\+?b?t?["']/g;
const member = /["'](file_path|filePath|notebook_path|cwd)["']/;
/** `open("/tmp/x.log", "a")`. */
const appended =
  /\bopen\(\s{0,9}["'](\/tmp\/[\w.-][\w./-]{0,100})["'],\s{0,9}(?:mode=)?["']a\+?b?t?["']/g;
const scratchFile = /["'](\/tmp\/[\w.-][\w./{}-]{0,100})["']/g;
/** Whoever asks whether a file is there, or catches its absence, expects it from an earlier run. */
const asksFirst = /\b(?:exists|isfile)\(|\bFileNotFoundError\b/;
const assigned = new RegExp(
  `(?<=^|\\n)[ \\t]{0,80}(${name})(?:: {0,9}[\\w| .[\\]]{1,60})? {0,9}= {0,9}([^\\n]{1,300})`,
  'g',
);

export function pythonFacts(text: string, place: NeedsPlace): Facts {
  const facts = new Facts();
  const code = pythonCode(text);
  const lineOf = lineNumbers(code);
  takeImports(facts, code, lineOf);
  takePrograms(facts, code, lineOf);
  takeWrites(facts, code, lineOf);
  takeOpened(facts, code, lineOf);
  if (asksFirst.test(code))
    for (const { 1: file = '', index } of code.matchAll(scratchFile))
      facts.add('state', file, lineOf(index));
  for (const { 1: file = '', index } of code.matchAll(appended))
    facts.add('log', file, lineOf(index));
  takeFolders(facts, code, lineOf, place);
  for (const { word, position } of projectPaths(code, place.folders))
    facts.add('path', word, lineOf(position), { places: [], isFolder: true });
  for (const { 0: found, index } of code.matchAll(/\bPath\.home\(\)|\bexpanduser\(/g))
    facts.add('home', found.replace(/\($/, ''), lineOf(index));
  for (const { 1: variable = '', index } of code.matchAll(
    /\b(?:environ\[|getenv\(|environ\.get\()["'](\w{1,80})["'](?! {0,9},)/g,
  )) {
    const isAgents = new RegExp(place.agentVariables.source).test(variable);
    if (isAgents && !place.folders.includes(variable) && !place.set.includes(variable))
      facts.add('variable', variable, lineOf(index), { isSure: true });
  }
  return facts;
}

type LineOf = (position: number) => number;

function takeImports(facts: Facts, code: string, lineOf: LineOf): void {
  for (const { module, position } of importsIn(code)) {
    const [, ...parts] = reaching.exec(code.slice(position, position + 80)) ?? [];
    const reached = parts.filter((part) => part !== undefined).join('.');
    if (reached !== '') facts.add('network', reached, lineOf(position));
    else if (!modules.has(module) && !module.startsWith('_') && !isForTypes(code, position))
      facts.add('module', module, lineOf(position));
  }
}

function takePrograms(facts: Facts, code: string, lineOf: LineOf): void {
  for (const { program: written, position } of startedPrograms(code)) {
    const program = written.replace(/^.*\//, '');
    if (programs.has(program) || !/^[a-z][\w.+-]*$/i.test(program) || /\.(?:py|sh)$/.test(written))
      continue;
    facts.add(network.includes(program) ? 'network' : 'program', program, lineOf(position));
  }
}

/** The most characters of a line before a call that are looked at. */
const maxBefore = 400;

function takeWrites(facts: Facts, code: string, lineOf: LineOf): void {
  for (const { 0: found, index } of code.matchAll(writes)) {
    const before = code.slice(Math.max(0, index - maxBefore), index);
    const line = before.slice(before.lastIndexOf('\n') + 1) + found;
    if (!/["']\/tmp\/|tempfile|tmp|gettempdir/i.test(line)) facts.add('write', '', lineOf(index));
  }
}

/** A member of the context, or a variable that holds it, is opened. */
function takeOpened(facts: Facts, code: string, lineOf: LineOf): void {
  const holds = new Map<string, string>();
  for (const { 1: variable = '', 2: value = '' } of code.matchAll(assigned)) {
    const [, found] = member.exec(value) ?? [];
    if (found !== undefined && !holds.has(variable)) holds.set(variable, found);
  }
  const uses =
    /\b(?:open|exists|isfile|isdir|getsize|Path|chdir)\(\s{0,80}([^()\n]{1,80}(?:\(["']\w+["'][^()\n]{0,20}\))?)/g;
  for (const { 1: what = '', index } of code.matchAll(uses)) {
    const [word = ''] = /^\w+/.exec(what) ?? [];
    const found = member.exec(what)?.[1] ?? holds.get(word);
    if (found !== undefined) facts.add('opened', found, lineOf(index));
  }
}

/** Files whose names are computed, in folders whose place is known. */
function takeFolders(
  facts: Facts,
  code: string,
  lineOf: LineOf,
  { folder = '' }: NeedsPlace,
): void {
  for (const { word, folder: read, position, isSure } of pythonFolders(code)) {
    const places = from(foldersFrom(folder), [read]);
    if (isSure && places.length > 0)
      facts.add('path', word, lineOf(position), { places, isFolder: true });
  }
}
