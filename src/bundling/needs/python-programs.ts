/** Programs that a python text starts. */

import { readShell } from '../../protocol/shell-text.ts';
import { calledBy } from '../called.ts';
import { bashWords } from './image.ts';

/** A program, with the position of the call that starts it. */
export interface StartedProgram {
  readonly program: string;
  readonly position: number;
}

const name = '[A-Za-z_]\\w{0,60}';
/** Functions of the standard library that start a program or look for it. */
const starters: Readonly<Record<string, RegExp>> = {
  subprocess: /^(?:run|Popen|call|check_call|check_output|getoutput|getstatusoutput)$/,
  os: /^(?:system|popen|posix_spawnp?|(?:exec|spawn)[lv]p?e?)$/,
  shutil: /^which$/,
  asyncio: /^create_subprocess_(?:exec|shell)$/,
};
const callee = `(?<![\\w.])((?:${name}\\.)?${name})\\(\\s{0,80}`;
/** `run("git …"`, `run(["git", …`, `run(("git", …`, `run(shlex.split("git …"`. */
const withText = new RegExp(
  `${callee}([[(])?(?:shlex\\.split\\()?\\s{0,80}[fr]{0,2}["']([^"'\\n]{1,300})`,
  'g',
);
const withName = new RegExp(`${callee}(${name})\\b`, 'g');
/** `cmd = ["git", "status"]`, started by its name. */
const listed = new RegExp(`\\b(${name}) {0,9}= {0,9}\\[\\s{0,80}["']([\\w./+-]{1,80})["']`, 'g');
/**
 * Lists that name a program which no list of other things begins with, for calls whose list is
 * computed.
 */
const wellKnown =
  /\[\s{0,80}["'](bun|cargo|docker|dotnet|eslint|gh|git|go|make|mypy|npm|npx|pnpm|prettier|pytest|ruff|uv|uvx|yarn)["']\s{0,80},/g;
/** `["bash", "-c", "git …"]`. */
const inShell =
  /["'](?:\/bin\/)?(?:ba|da)?sh["'],\s{0,80}["']-[a-z]{0,5}c["'],\s{0,80}f?["']([^"'\n]{1,300})/g;

export function startedPrograms(code: string): StartedProgram[] {
  const isStarter = startersIn(code);
  const found: StartedProgram[] = [];
  const take = (programs: readonly string[], position: number) => {
    for (const program of programs) found.push({ program, position });
  };
  for (const { 1: called = '', 2: bracket, 3: text = '', index } of code.matchAll(withText))
    if (isStarter(called)) take(bracket === undefined ? programsIn(text) : [text], index);
  for (const { program, position } of ofLists(code, isStarter)) take([program], position);
  for (const { 1: text = '', index } of code.matchAll(inShell)) take(programsIn(text), index);
  return found;
}

/** `subprocess.run(cmd)`, where `cmd` is one of the lists of the text. */
function ofLists(code: string, isStarter: (called: string) => boolean): StartedProgram[] {
  const lists = new Map<string, string>();
  for (const { 1: variable = '', 2: program = '' } of code.matchAll(listed))
    lists.set(variable, program);
  const calls = [...code.matchAll(withName)].filter(({ 1: called = '' }) => isStarter(called));
  const known = calls.flatMap(({ 2: variable = '', index }) => {
    const program = lists.get(variable);
    return program === undefined ? [] : [{ program, position: index }];
  });
  if (known.length === calls.length) return known;
  const others = [...code.matchAll(wellKnown)];
  return [...known, ...others.map(({ 1: program = '', index }) => ({ program, position: index }))];
}

/** The programs of a shell text. */
function programsIn(text: string): string[] {
  const programs = readShell(text).commands.map(({ words }) => calledBy(words).program);
  return programs.filter((program) => !bashWords.includes(program));
}

/** Whether a call, `sp.run` or `run`, starts its argument as a program. */
function startersIn(code: string): (called: string) => boolean {
  const modules = new Map(Object.keys(starters).map((module) => [module, module]));
  for (const { 1: module = '', 2: alias = '' } of code.matchAll(
    /\bimport (subprocess|os|shutil|asyncio) as (\w{1,60})/g,
  ))
    modules.set(alias, module);
  const own = new Set([...importedStarters(code), ...definedStarters(code)]);
  return (called) => {
    const [first = '', last] = called.split('.');
    if (last === undefined) return own.has(first);
    if (first === 'self' || first === 'cls') return own.has(last);
    return starters[modules.get(first) ?? '']?.test(last) === true;
  };
}

/** `from subprocess import run, check_output as co`. */
function importedStarters(code: string): string[] {
  const imports = /\bfrom (subprocess|os|shutil|asyncio) import \(?([\w ,]{1,500})/g;
  return [...code.matchAll(imports)].flatMap(({ 1: module = '', 2: list = '' }) =>
    list.split(',').flatMap((one) => {
      const [imported = '', , alias] = one.trim().split(/ +/);
      return starters[module]?.test(imported) ? [alias ?? imported] : [];
    }),
  );
}

/** Functions of the text that pass their first parameter on: `def git(cmd): subprocess.run(cmd`. */
function definedStarters(code: string): string[] {
  const definition = new RegExp(`\\bdef (${name})\\((?:self, {0,9}|cls, {0,9})?(\\*?${name})`, 'g');
  return [...code.matchAll(definition)].flatMap(
    ({ 0: start, 1: own = '', 2: first = '', index }) => {
      const body = code.slice(index + start.length, index + start.length + maxBody);
      const [until = ''] = body.split(/\n[ \t]{0,80}def /, 1);
      const passed = first.replace('*', '');
      const calls = until.matchAll(
        /\b(?:run|Popen|call|check_call|check_output|system)\(\s{0,80}(\w{1,60})/g,
      );
      return [...calls].some(([, argument]) => argument === passed) ? [own] : [];
    },
  );
}

/** The most characters of a function that are looked at. */
const maxBody = 1500;
