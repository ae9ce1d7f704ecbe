/**
 * The lines in which programs report their failures: bash, dash, Python, jq, the programs that
 * start others, and those that search and edit text. The forms are of bash 5.2, dash 0.5.12,
 * Python 3.11 to 3.13, jq 1.6 and 1.7, GNU grep, sed and coreutils, gawk, mawk, and busybox.
 */

export type FailureKind =
  | 'command-not-found'
  | 'module-not-found'
  | 'python-error'
  | 'jq-error'
  | 'shell-error'
  | 'program-error'
  | 'file-not-found'
  | 'read-only'
  | 'permission-denied';

export interface FailureLine {
  readonly kind: FailureKind;
  /**
   * The line has the exact form in which the program itself reports that it did not do its work,
   * and no script expects that failure. A file that is not there may be optional, and so may a
   * value that jq iterates over.
   */
  readonly isCertain: boolean;
}

export const moduleNotFound = /\bNo module named ['"]?[\w.]+/;

/** Messages of a shell for a program that is not in the sandbox, and of programs that start one. */
const notStarted = [
  /: line \d+: [^:]+: command not found$|: \d+: [^:]+: not found$/,
  /^(?:\S*\/)?(?:env|nice): [^:]+: No such file or directory$/,
  /^(?:\S*\/)?xargs: [^\s:]+: No such file or directory$/,
  /^(?:\S*\/)?[a-z]+: (?:failed to (?:run command|execute)|can't execute) /,
  // The script that an interpreter was to run.
  /^(?:\S*\/)?(?:ba|da)?sh: (?:0: (?:cannot|Can't) open )?[^:]+: No such file(?: or directory)?$/,
];
/** The message of a program that was to be started by Python, by name. */
const pythonNotFound = /^(?:FileNotFoundError: )?\[Errno 2\] No such file.*: '[^'/]+'$/;
/** Errors that Python prints without the line `Traceback`, because no code of the script runs. */
const pythonFailed = [
  /^(?:\S*\/)?python[\d.]*: can't (?:open file|find '__main__')/,
  /^(?:Syntax|Indentation|Tab)Error: |^MemoryError\b|^Fatal Python error: /,
];
/** An error of Python as it is printed by a script that has caught it. */
const pythonError = /^[\w.]{1,100}(?:Error|Exception|Interrupt): /;
const jqParseError = /^(?:jq: )?parse error: .* at (?:line \d+, column \d+|EOF)/;
const jqError = /^jq: (?:error\b|\d+ compile error)/;
/** jq refuses its options or cannot read its own program, so it does not start. */
const jqRefused =
  /^jq: (?:Unknown option|Unknown argument|invalid JSON text|Bad JSON in|Could not open|--?\w+ takes)/i;
/** Errors of jq that are no failure to read what it was given. */
const jqAside =
  /Cannot iterate over null|Could not open|writing output failed|Error writing|broken pipe/i;
/** The place, or with `-c` the name, with which a shell begins a message of its own. */
const shellPlace = /: (?:line )?\d+: |^(?:ba|da)?sh: /;
/**
 * A test that is not made counts as false, and the script goes on behind it; an arithmetic error
 * and a variable that is not set end the substitution that they are in.
 */
const shellFailed =
  /\[: missing `|(?:integer|unary operator|binary operator|integer expression) expected$|\[: too many arguments$|Illegal number: |unexpected operator$|value too great for base|unbound variable$|parameter not set$|syntax error|Syntax error|unexpected EOF while|bad substitution$|Bad substitution$|bad array subscript$|division by (?:0|zero)|Argument list too long$|fork: (?:Cannot allocate|Resource temporarily)/;
/** A program that a signal has ended, as the shell reports it. */
const signaled =
  /(?:^|: line \d+: +\d+ )(?:Segmentation fault|Aborted|Bus error|Illegal instruction|Killed)(?:$| {2}| \(core dumped\))/;
/**
 * Programs that search and edit text and refuse their pattern, their program or their input. grep
 * names a file, and a colon behind it, where only that file failed.
 */
const refused = [
  /^[efz]?grep: (?:bad regex |(?!warning:)(?:(?!: ).)*$)/,
  /^sed: (?:-e expression #|file \S+ line \d|bad |un(?:matched|terminated|supported|known|recognized) |invalid option)/i,
  /^[gmn]?awk: (?:cmd\. line:\d+|line \d+|fatal|run time error|syntax error)\b(?!.*(?:warning:|cannot open))/,
  /^base64: (?:invalid input|truncated input|invalid option|unrecognized option)/,
];
/** Options that other systems have: a script may try them first. */
const otherOption = /^[a-z\d]+: (?:invalid|unrecognized|illegal) option\b/;
const missingFile = /No such file or directory|FileNotFoundError|^[gmn]?awk: .*\bcannot open\b/;
const readOnly = /Read-only file system|\[Errno 30\]|\bEROFS: /;
const denied = /Permission denied|\[Errno 13\]/;
/** Places of the system, where scripts try out what is there. */
const systemPlace = /(?:^|[\s'"‘`:])\/(?:tmp|dev|proc|sys)\//;

/** Linear in the characters of the line, without blanks around it. */
export function failureIn(line: string): FailureLine | undefined {
  return certainIn(line) ?? uncertainIn(line);
}

function certainIn(line: string): FailureLine | undefined {
  const failed = (forms: readonly RegExp[]) => forms.some((form) => form.test(line));
  if (failed(notStarted)) return certain('command-not-found');
  if (moduleNotFound.test(line)) return certain('module-not-found');
  if (failed(pythonFailed)) return certain('python-error');
  if (jqParseError.test(line) || jqRefused.test(line)) return certain('jq-error');
  if (jqError.test(line) && !jqAside.test(line)) return certain('jq-error');
  if (signaled.test(line) || (shellPlace.test(line) && shellFailed.test(line)))
    return certain('shell-error');
  return failed(refused) ? certain('program-error') : undefined;
}

function uncertainIn(line: string): FailureLine | undefined {
  if (line.endsWith(': command not found') || pythonNotFound.test(line))
    return uncertain('command-not-found');
  if (jqError.test(line)) return uncertain('jq-error');
  if (systemPlace.test(line)) return undefined;
  if (missingFile.test(line)) return uncertain('file-not-found');
  if (readOnly.test(line)) return uncertain('read-only');
  if (denied.test(line)) return uncertain('permission-denied');
  if (otherOption.test(line)) return uncertain('program-error');
  return pythonError.test(line) ? uncertain('python-error') : undefined;
}

function certain(kind: FailureKind): FailureLine {
  return { kind, isCertain: true };
}

function uncertain(kind: FailureKind): FailureLine {
  return { kind, isCertain: false };
}
