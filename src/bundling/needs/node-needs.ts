/** What a JavaScript or TypeScript text needs: packages, programs that it starts, the network. */
import { lineNumbers } from '../../protocol/lines.ts';
import { importsOf, packageOf } from '../node-imports.ts';
import { Facts, type NeedsPlace, network } from './facts.ts';
import { bashWords, imagePrograms } from './image.ts';

/** node runs the text, so it is there. */
const programs = new Set([...imagePrograms, ...bashWords, 'node']);
const starts =
  /(?:(?<![\w.])|\b(?:cp|child_process|childProcess)\.)(?:exec|execSync|execFile|execFileSync|spawn|spawnSync)\(\s{0,80}["'`]([\w./+-]{1,100})/g;
const writes = /\b(?:writeFile|appendFile|mkdir|createWriteStream)(?:Sync)?\(/g;
const globals = /(?<![\w.$"'`/])(Bun|Deno)\.\w/g;
const variables = /\bprocess\.env(?:\.|\[["'])([A-Z]\w{1,80})/g;
/** The most characters of a line that are looked at. */
const maxLine = 400;

export function nodeFacts(text: string, place: NeedsPlace): Facts {
  const facts = new Facts();
  const lineOf = lineNumbers(text);
  takePackages(facts, text, lineOf);
  takePrograms(facts, text, lineOf);
  for (const { index } of text.matchAll(writes))
    if (!/\/tmp\/|tmpdir|temp/i.test(lineFrom(text, index))) facts.add('write', '', lineOf(index));
  for (const { index } of text.matchAll(/\bhomedir\(\)/g))
    facts.add('home', 'homedir()', lineOf(index));
  for (const { 1: name = '', index } of text.matchAll(variables)) {
    const isAgents = new RegExp(place.agentVariables.source).test(name);
    if (isAgents && !place.folders.includes(name) && !place.set.includes(name))
      facts.add('variable', name, lineOf(index));
  }
  return facts;
}

type LineOf = (position: number) => number;

function takePackages(facts: Facts, text: string, lineOf: LineOf): void {
  for (const { specifier, position } of importsOf(text)) {
    const name = specifier.startsWith('bun:') ? 'bun' : packageOf(specifier);
    if (name !== undefined) facts.add('package', name, lineOf(position));
  }
  for (const { 1: name = '', index } of text.matchAll(globals))
    facts.add('package', name.toLowerCase(), lineOf(index));
}

function takePrograms(facts: Facts, text: string, lineOf: LineOf): void {
  for (const { 1: written = '', index } of text.matchAll(starts)) {
    const program = written.replace(/^.*\//, '');
    if (programs.has(program) || /\.\w+$/.test(program)) continue;
    facts.add(network.includes(program) ? 'network' : 'program', program, lineOf(index));
  }
  for (const { index } of text.matchAll(/(?<![\w.$])fetch\(/g))
    facts.add('network', 'fetch', lineOf(index));
}

function lineFrom(text: string, index: number): string {
  return String(text.slice(index, index + maxLine).split('\n', 1));
}
