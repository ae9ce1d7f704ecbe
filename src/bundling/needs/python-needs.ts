/** What a python text needs: modules, programs that it starts, files, state of earlier runs. */

import { lineNumbers } from '../../protocol/lines.ts';
import { Facts, type NeedsPlace, network } from './facts.ts';
import { imageModules, imagePrograms } from './image.ts';
import { importsIn, isForTypes, pythonCode } from './python-text.ts';

const modules = new Set(imageModules);
const programs = new Set(imagePrograms);
/** Modules of the standard library that only serve to reach the network. */
const reaching = /^(?:import|from)[ \t]+(urllib\.request|http\.client|smtplib|ftplib|telnetlib)\b/;
const name = '[A-Za-z_]\\w{0,60}';
/** `subprocess.run(["git", …`, `_run(["git", …`, `os.system("git …`, `shutil.which("git")`. */
const started = new RegExp(
  `\\b(?:(?:subprocess\\.)?(?:run|Popen|call|check_call|check_output|getoutput|getstatusoutput)|(?:os\\.)?(?:system|popen|execvp)|(?:shutil\\.)?which|create_subprocess_(?:exec|shell)|(${name}))\\(\\s{0,80}(\\[)?\\s{0,80}f?["']([\\w./+-]{1,80})(?=["' ])`,
  'g',
);
/** `cmd = ["git", "status"]`, started by its name. */
const listed = new RegExp(`\\b(${name}) {0,9}= {0,9}\\[\\s{0,80}["']([\\w./+-]{1,80})["']`, 'g');
const starting = /\b(?:run|Popen|call|check_call|check_output)\(\s{0,80}([A-Za-z_]\w{0,60})\b/g;
const writes =
  /\bopen\([^()\n]{1,120}(?:\([^()\n]{0,80}\)[^()\n]{0,80})?,\s{0,9}(?:mode=)?["'][wax]\+?b?t?["']|\.write_(?:text|bytes)\(|\.mkdir\(|\bmakedirs\(|\.touch\(/g;
const member = /["']((?:agent_)?transcript_path|file_path|filePath|notebook_path|cwd)["']/;
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
    const [, reached] = reaching.exec(code.slice(position, position + 80)) ?? [];
    if (reached !== undefined) facts.add('network', reached, lineOf(position));
    else if (!modules.has(module) && !module.startsWith('_') && !isForTypes(code, position))
      facts.add('module', module, lineOf(position));
  }
}

function takePrograms(facts: Facts, code: string, lineOf: LineOf): void {
  const take = (written: string, index: number) => {
    const program = written.replace(/^.*\//, '');
    if (programs.has(program) || !/^[a-z][\w.+-]*$/i.test(program) || /\.(?:py|sh)$/.test(written))
      return;
    facts.add(network.includes(program) ? 'network' : 'program', program, lineOf(index));
  };
  const lists = new Map<string, string>();
  for (const { 1: variable = '', 2: program = '' } of code.matchAll(listed))
    lists.set(variable, program);
  for (const { 1: own, 2: bracket, 3: program = '', index } of code.matchAll(started)) {
    if (own === undefined || (bracket !== undefined && isStarter(own))) take(program, index);
  }
  for (const { 1: variable = '', index } of code.matchAll(starting)) {
    const program = lists.get(variable);
    if (program !== undefined) take(program, index);
  }
}

/** A function of the script that starts programs: `_run`, `run_cmd`, `sh`. */
function isStarter(own: string): boolean {
  return /run|exec|call|cmd|^_?sh$|spawn|command|proc/i.test(own) && !/git/i.test(own);
}

function takeWrites(facts: Facts, code: string, lineOf: LineOf): void {
  for (const { 0: found, index } of code.matchAll(writes)) {
    const line = code.slice(code.lastIndexOf('\n', index) + 1, index + found.length);
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
