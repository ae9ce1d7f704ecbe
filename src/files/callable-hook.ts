/** Compiles a callable hook to the script that calls its function, and tells what is wrong with it. */
import { callableSource } from '../bundling/callable-source.ts';
import type { CommandAction } from '../protocol/action.ts';
import type { Dialect } from '../protocol/dialect.ts';
import type { KeyProblem } from './hook-problems.ts';
import type { HookEntry } from './hook-schema.ts';

/** The most bytes of the arguments as JSON. */
const mostArguments = 16 << 10;

export function isCallableHook({ type }: Pick<HookEntry, 'type'>): boolean {
  return type === 'callable';
}

/** What is wrong with the keys of a callable hook, or with such keys of another hook. */
export function callableProblems(data: HookEntry): KeyProblem[] {
  if (!isCallableHook(data))
    return (['import', 'arguments'] as const)
      .filter((key) => data[key] !== undefined)
      .map((key) => [key, `${key} is for callable hooks: write type: callable, or remove it.`]);
  const others = (['command', 'script', 'prompt', 'model'] as const)
    .filter((key) => data[key] !== undefined)
    .map((key): KeyProblem => [key, `A callable hook takes no ${key}: remove it.`]);
  const bytes = Buffer.byteLength(JSON.stringify(data.arguments ?? {}));
  const tooLong = `The arguments have ${bytes} bytes of JSON; ${mostArguments} are the most. Put them into a file.`;
  return [
    ...others,
    ...(data.import === undefined
      ? [['type', 'A callable hook needs an import: the path of a python function.'] as const]
      : []),
    ...(bytes > mostArguments ? [['arguments', tooLong] as const] : []),
  ];
}

/** @returns undefined without a function, which callableProblems() reports. */
export function callableActionOf(
  { says }: Pick<Dialect, 'says'>,
  data: HookEntry,
): CommandAction | undefined {
  const path = functionOf(data);
  if (path === undefined) return undefined;
  const silence = says.text === 'allow' ? says.text : undefined;
  const source = callableSource({ path, arguments: data.arguments ?? {}, silence });
  return { kind: 'command', script: { runtime: 'python3', source } };
}

/** The dotted path of the function, which AgentPool lets authors write with a colon too. */
export function functionOf(data: HookEntry): string | undefined {
  return isCallableHook(data) ? data.import?.replaceAll(':', '.') : undefined;
}
