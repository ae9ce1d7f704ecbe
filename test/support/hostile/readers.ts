/**
 * All readers of untrusted input, as functions of a text; an error that they throw counts as an
 * answer.
 */

import { azure } from '../../../src/agents/azure/dialect.ts';
import { dialects, findDialect } from '../../../src/agents/registry.ts';
import { listedFiles } from '../../../src/bundling/listed-files.ts';
import { namedFiles } from '../../../src/bundling/named-files.ts';
import { pythonFacts } from '../../../src/bundling/needs/python-needs.ts';
import { shellFacts } from '../../../src/bundling/needs/shell-needs.ts';
import { parseTestFile } from '../../../src/cli/hook-tests/test-file.ts';
import { InvalidInputError } from '../../../src/errors.ts';
import { parseHooksFile } from '../../../src/files/hooks-file.ts';
import { parseContext } from '../../../src/protocol/context.ts';
import { placeholderGrammars } from '../../../src/protocol/judge-rules.ts';
import { compileCondition } from '../../../src/protocol/matching/condition.ts';
import { compileMatcher } from '../../../src/protocol/matching/matcher.ts';
import { splitShell } from '../../../src/protocol/matching/shell-line.ts';
import { promptProblem } from '../../../src/protocol/prompt-template.ts';
import { parseScript } from '../../../src/protocol/script.ts';
import { readShell } from '../../../src/protocol/shell-text.ts';
import { pipeContext } from '../../../src/protocol/verdict/combine-rewrites.ts';
import { decide } from '../../../src/protocol/verdict/decide.ts';
import { parseTokens } from '../../../src/server/auth.ts';
import { readJson } from '../../../src/server/body.ts';
import { readHookDocument } from '../../../src/server/hook-compiler.ts';
import { evaluateBody } from '../../../src/server/request-schemas.ts';
import { hashed } from '../../../src/server/stored-hook-set.ts';
import { parseJobMessage } from '../../../src/wire/job-message.ts';
import { parseResultMessage } from '../../../src/wire/result-message.ts';
import { parseRunMessage, parseRunResultMessage } from '../../../src/wire/run-message.ts';
import { parseStoredJobMessage } from '../../../src/wire/stored-job.ts';
import { projectOf } from '../../bundling/samples.ts';
import { bytes, exited, sampleHook } from '../../protocol/samples.ts';

export type Reader = (text: string) => unknown;

const files = projectOf(
  { 'a/x.sh': '#!/bin/bash\n', 'a/b.py': 'import c', 'a/c.py': '' },
  { folder: '/home/me/app', home: '/home/me' },
);
const project = { files, folders: ['CLAUDE_PROJECT_DIR'] };

/** A hooks file of any format. */
export const hooksFile: Reader = (text) => parseHooksFile('hooks', text);

/** A hooks file as the server reads it: with a pointer for each problem. */
export const hooksOfBody: Reader = (text) => {
  const document = hashed({
    name: 'hooks',
    scope: 'named' as const,
    text,
    place: { pointer: '/document', fields: '/document' },
  });
  return readHookDocument(document);
};

export const testFile: Reader = (text) => parseTestFile('tests', text);
export const tokens: Reader = (text) => parseTokens('tokens', text);
export const body: Reader = (text) =>
  readJson(evaluateBody, { contentType: 'application/json', text });
export const context: Reader = (text) => parseContext(azure, { bytes: bytes(text) });
export const contextWithTranscript: Reader = (text) =>
  parseContext(azure, { bytes: bytes(text), transcript: bytes('x'), event: 'PreToolUse' });
export const commands: Reader = (text) => [splitShell(text), readShell(text)];

const needsPlace = {
  folder: 'a',
  folders: ['CLAUDE_PROJECT_DIR'],
  set: [],
  agentVariables: /\bCLAUDE_[A-Z_]+\b/g,
};

/** A python script that goes along. */
export const pythonScript: Reader = (text) => pythonFacts(text, needsPlace);

/** The command of a hook that has a project, and of one that has none. */
export const projectCommand: Reader = (text) => [
  namedFiles(text, 'a', project),
  shellFacts(text, needsPlace),
];

/** The script of a hook, of at most 1 MiB. */
export const script: Reader = (text) => parseScript(text, 1 << 20);

/** The prompt of a hook that asks a judge, with the placeholders of every dialect. */
export const prompt: Reader = (text) =>
  placeholderGrammars.map((grammar) => promptProblem(grammar, text));

/**
 * Messages that any client adds to the queue, and results of workers with the output of a script.
 */
export const messages: Reader = (text) => {
  const data: unknown = JSON.parse(text);
  const answers = [parseResultMessage(data, 'guard'), parseRunResultMessage(data)];
  return [
    ...answers,
    answered(() => parseJobMessage(data)),
    answered(() => parseStoredJobMessage(data)),
    answered(() => parseRunMessage(data)),
  ];
};

/** Returns an error for the caller as an answer, so that the next reader runs too. */
function answered(read: () => unknown): unknown {
  try {
    return read();
  } catch (error) {
    if (error instanceof InvalidInputError) return error.code;
    throw error;
  }
}

/** The output of a script, read by every dialect. */
export const output: Reader = (text) => dialects.map((dialect) => outputOf(dialect.name, text));

export function outputOf(name: string, text: string): unknown {
  const dialect = findDialect(name);
  const event = Object.keys(dialect.events)[0] as string;
  const hook = sampleHook({ event });
  const cut = { ...exited(0, text, text), stdoutTotalBytes: Number.MAX_SAFE_INTEGER };
  return [...[0, 1, 2].map((exitCode) => exited(exitCode, text, text)), cut].map((run) =>
    decide(dialect, hook, run),
  );
}

/** The context for the next hook after a script has printed this text. */
export function pipedOf(name: string, text: string, event: string): unknown {
  const dialect = findDialect(name);
  const result = decide(dialect, sampleHook({ event }), exited(0, text));
  const before = {
    hook_event_name: event,
    tool_name: 'x',
    tool_input: { a: 1 },
    prompt: 'p',
    llm_request: { a: 1 },
  };
  return pipeContext(dialect, bytes(JSON.stringify(before)), result);
}

export function matchOf(name: string, pattern: string, subject: string): boolean {
  return compileMatcher(findDialect(name), pattern)(subject);
}

export function pathOf(pattern: string, path: string): boolean {
  return compileCondition(`Write(${pattern})`)({
    toolName: 'Write',
    toolInput: { file_path: path },
    cwd: '/work',
  });
}

export function lineOf(pattern: string, command: string): boolean {
  return compileCondition(`Bash(${pattern})`)({
    toolName: 'Bash',
    toolInput: { command },
    cwd: '/work',
  });
}

/** `files` of a hook, in a project that has this path. */
export function listedOf(pattern: string, path: string): unknown {
  const { paths, isLeftOut, problems } = listedFiles(
    [pattern, `!${pattern}`],
    projectOf({ [path]: '' }),
  );
  return [paths, problems, isLeftOut(path)];
}
