/** The tools of a judge: scripts in a sandbox of the tenant, without network and without keys. */
import { HookpoolError, messageOf } from '../../errors.ts';
import { isJsonObject, type JsonObject } from '../../protocol/json.ts';
import type { JudgeTool } from '../../protocol/judge-action.ts';
import type { JudgeToolFacts } from '../../protocol/request-facts.ts';
import type { Isolation, RunRequest, RunResult, ScriptRunner } from '../../protocol/run.ts';
import { AskError } from './ask-error.ts';
import { readerScript } from './reader-script.ts';
import type { ToolCall, ToolSpec } from './wire.ts';

export interface ToolPlace {
  readonly tenant: string;
  readonly isolation: Isolation;
  readonly context: Uint8Array;
  readonly transcript: Uint8Array | undefined;
  /** The folder of the event, in whose project the tools run; undefined: they read none. */
  readonly cwd?: string | undefined;
  /** Told once where the sandboxes do not have that folder. @throws AskError to give no verdict */
  readonly onNoProject?: ((why: string) => void) | undefined;
  readonly runScript: ScriptRunner;
}

const mostResult = 16 << 10;
const mostErrors = 4 << 10;
const mostInput = 64 << 10;
const timeoutMs = 10_000;

const text = { type: 'string' } as const;
const count = { type: 'integer' } as const;

function specOf(name: JudgeTool, files: string): ToolSpec {
  const file = { type: 'string', description: files };
  const object = (properties: object, ...required: readonly string[]) => ({
    ...{ type: 'object', properties, required, additionalProperties: false },
  });
  switch (name) {
    case 'ReadFile':
      return {
        name,
        description: 'Reads lines of a file. offset is the first line, from 1; limit their number.',
        input: object({ file, offset: count, limit: count }, 'file'),
      };
    case 'GrepSearch':
      return {
        name,
        description:
          'Finds lines by a regular expression of Python. context is the number of lines around each; limit that of the hits.',
        input: object({ file, pattern: text, context: count, limit: count }, 'file', 'pattern'),
      };
    case 'Bash':
      return {
        name,
        description: `Runs bash without network. ${files} The context is on stdin.`,
        input: object({ script: text }, 'script'),
      };
    case 'Python':
      return {
        name,
        description: `Runs python3 without network. ${files} The context is on stdin.`,
        input: object({ code: text }, 'code'),
      };
  }
}

export class Tools {
  readonly specs: readonly ToolSpec[];
  readonly #place: ToolPlace;
  #cwd: string | undefined;

  constructor(names: readonly JudgeTool[], place: ToolPlace) {
    const files = [
      '"context"',
      ...(place.transcript === undefined ? [] : ['"transcript" (/job/transcript.txt)']),
      ...(place.cwd === undefined ? [] : ['a path in the project']),
    ];
    const which = `The file is ${files.join(' or ')}.`;
    this.specs = names.map((name) => specOf(name, which));
    this.#place = place;
    this.#cwd = place.cwd;
  }

  /** Never rejects for what a judge asks: the result tells it what is wrong. */
  async use(
    call: ToolCall,
    signal: AbortSignal,
  ): Promise<{ readonly result: string; readonly facts: JudgeToolFacts }> {
    const started = performance.now();
    const { result, status } = await this.#run(call, signal);
    const bytes = Buffer.byteLength(result);
    const name = this.specs.some((one) => one.name === call.name) ? call.name : 'unknown';
    return { result, facts: { name, ms: performance.now() - started, bytes, status } };
  }

  async #run({ name, input }: ToolCall, signal: AbortSignal) {
    const { specs } = this;
    if (!specs.some((one) => one.name === name))
      return refused(`There is no such tool. Known: ${specs.map((one) => one.name).join(', ')}.`);
    const { request, why } = requestOf(name as JudgeTool, input, this.#place);
    if (request === undefined) return refused(String(why));
    try {
      const run = await this.#ran(request, signal);
      return { result: resultOf(run), status: run.status };
    } catch (error) {
      signal.throwIfAborted();
      if (error instanceof AskError) throw error;
      return refused(`The tool could not be run: ${messageOf(error)}`);
    }
  }

  /** Where the sandboxes do not have the project, this use and all further ones go without it. */
  async #ran(request: RunRequest, signal: AbortSignal): Promise<RunResult> {
    const { tenant, isolation, runScript, onNoProject } = this.#place;
    const script = { tenant, isolation, request };
    const cwd = this.#cwd;
    if (cwd === undefined) return (await runScript(script, signal)).run;
    try {
      return (await runScript({ ...script, cwd }, signal)).run;
    } catch (error) {
      if (!(error instanceof HookpoolError) || error.code !== 'WORKSPACE_FAILED') throw error;
      onNoProject?.(error.message);
      this.#cwd = undefined;
      return (await runScript(script, signal)).run;
    }
  }
}

function refused(result: string) {
  return { result, status: 'refused' };
}

/** The context only where it is read: 8 MiB of quotes are more than a job may have as a text. */
function readBy(given: JsonObject, context: Uint8Array): string {
  return given['file'] === 'context' ? new TextDecoder().decode(context) : '';
}

function requestOf(
  name: JudgeTool,
  input: string,
  { context, transcript }: ToolPlace,
): { readonly request?: RunRequest; readonly why?: string } {
  if (input.length > mostInput) return { why: `The input has more than ${mostInput} characters.` };
  const given = parsed(input);
  if (!isJsonObject(given)) return { why: 'The input must be a JSON object.' };
  const script = name === 'Bash' ? given['script'] : name === 'Python' ? given['code'] : undefined;
  if ((name === 'Bash' || name === 'Python') && typeof script !== 'string')
    return { why: `The input needs ${name === 'Bash' ? 'script' : 'code'}, a text.` };
  const isReader = script === undefined;
  const asked = { tool: name, input: given };
  const stdin = isReader ? JSON.stringify({ ...asked, context: readBy(given, context) }) : context;
  const runtime = name === 'Bash' ? 'bash' : 'python3';
  const source = isReader ? readerScript : String(script);
  return {
    request: {
      runtime,
      script: Buffer.from(source),
      stdin: typeof stdin === 'string' ? Buffer.from(stdin) : stdin,
      transcript,
      limits: { timeoutMs, stdoutBytes: mostResult, stderrBytes: mostErrors },
    },
  };
}

function parsed(input: string): unknown {
  try {
    return JSON.parse(input);
  } catch {
    return undefined;
  }
}

interface Ran {
  readonly status: string;
  readonly exitCode: number | null;
  readonly stdout: Uint8Array;
  readonly stderr: Uint8Array;
  readonly stdoutTotalBytes: number;
}

/** A queue keeps more of the output than a judge gets. */
function resultOf({ status, exitCode, stdout, stderr, stdoutTotalBytes }: Ran): string {
  const decoder = new TextDecoder();
  const kept = stdout.subarray(0, mostResult);
  const cut = stdoutTotalBytes > kept.length ? `\n[cut after ${kept.length} bytes]` : '';
  const end =
    status === 'exited' && exitCode === 0
      ? ''
      : `\n[${status === 'exited' ? `exit code ${exitCode}` : status}]\n${decoder.decode(stderr.subarray(0, mostErrors))}`;
  return `${decoder.decode(kept)}${cut}${end}`;
}
