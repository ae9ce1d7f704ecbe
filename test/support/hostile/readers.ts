/** Everything that reads what somebody else wrote, as functions of a text; what they throw is an answer. */

import { azure } from '../../../src/agents/azure/dialect.ts';
import { dialects, findDialect } from '../../../src/agents/registry.ts';
import { shellWords } from '../../../src/bundling/shell-words.ts';
import { parseTestFile } from '../../../src/cli/hook-tests/test-file.ts';
import { parseHooksFile } from '../../../src/files/hooks-file.ts';
import { parseContext } from '../../../src/protocol/context.ts';
import { compileCondition } from '../../../src/protocol/matching/condition.ts';
import { compileMatcher } from '../../../src/protocol/matching/matcher.ts';
import { splitShell } from '../../../src/protocol/matching/shell-line.ts';
import { pipeContext } from '../../../src/protocol/verdict/combine-rewrites.ts';
import { decide } from '../../../src/protocol/verdict/decide.ts';
import { parseTokens } from '../../../src/server/auth.ts';
import { readJson } from '../../../src/server/body.ts';
import { readHookDocument } from '../../../src/server/hook-compiler.ts';
import { evaluateBody } from '../../../src/server/schemas.ts';
import { hashed } from '../../../src/server/stored-hook-set.ts';
import { bytes, exited, sampleHook } from '../../protocol/samples.ts';

export type Reader = (text: string) => unknown;

/** A hooks file of any format. */
export const hooksFile: Reader = (text) => parseHooksFile('hooks', text);

/** The same as the server reads it: with a pointer for each problem. */
export const hooksOfBody: Reader = (text) => {
  const document = hashed({ name: 'hooks', scope: 'named' as const, text, place: { pointer: '/document', isText: false } });
  return readHookDocument(document);
};

export const testFile: Reader = (text) => parseTestFile('tests', text);
export const tokens: Reader = (text) => parseTokens('tokens', text);
export const body: Reader = (text) => readJson(evaluateBody, { contentType: 'application/json', text });
export const context: Reader = (text) => parseContext(azure, { bytes: bytes(text) });
export const contextWithTranscript: Reader = (text) =>
  parseContext(azure, { bytes: bytes(text), transcript: bytes('x'), event: 'PreToolUse' });
export const commands: Reader = (text) => [splitShell(text), shellWords(text)];

/** What a script printed, as every dialect reads it. */
export const output: Reader = (text) => dialects.map((dialect) => outputOf(dialect.name, text));

export function outputOf(name: string, text: string): unknown {
  const dialect = findDialect(name);
  const event = Object.keys(dialect.events)[0] as string;
  const hook = sampleHook({ event });
  return [0, 1, 2].map((exitCode) => decide(dialect, hook, exited(exitCode, text, text)));
}

/** The context for the next hook, where a script has printed this. */
export function pipedOf(name: string, text: string, event: string): unknown {
  const dialect = findDialect(name);
  const result = decide(dialect, sampleHook({ event }), exited(0, text));
  const before = { hook_event_name: event, tool_name: 'x', tool_input: { a: 1 }, prompt: 'p', llm_request: { a: 1 } };
  return pipeContext(dialect, bytes(JSON.stringify(before)), result);
}

export function matchOf(name: string, pattern: string, subject: string): boolean {
  return compileMatcher(findDialect(name), pattern)(subject);
}

export function pathOf(pattern: string, path: string): boolean {
  return compileCondition(`Write(${pattern})`)({ toolName: 'Write', toolInput: { file_path: path }, cwd: '/work' });
}

export function lineOf(pattern: string, command: string): boolean {
  return compileCondition(`Bash(${pattern})`)({ toolName: 'Bash', toolInput: { command }, cwd: '/work' });
}
