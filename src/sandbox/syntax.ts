/**
 * Syntax checks at registration, inside a sandbox: a bash script that does not parse ends with exit
 * code 2, which would be a block. The host never parses a script.
 */
import type { Runtime, ScriptRun, ScriptRunner } from '../protocol/run.ts';
import { kindOf } from '../protocol/sandbox-kind.ts';
import type { Script } from '../protocol/script.ts';
import { nodeChecker } from './node-syntax.ts';

/** Scripts that read the text from their stdin, by the name of its file. */
const checkers: Readonly<Record<Runtime, (name: string) => string>> = {
  bash: () => 'bash -n /dev/stdin\n',
  python3: () => `import sys, warnings
warnings.simplefilter('ignore')
try:
    compile(sys.stdin.buffer.read(), 'script', 'exec', dont_inherit=True)
except (SyntaxError, ValueError) as error:
    print(f'line {getattr(error, "lineno", None) or 1}: {getattr(error, "msg", error)}', file=sys.stderr)
    raise SystemExit(2)
`,
  node: nodeChecker,
};

const limits = { timeoutMs: 10_000, stdoutBytes: 4096, stderrBytes: 16_384 };

/**
 * Returns undefined when the script and the script files that it starts parse; else what the
 * interpreter reports about the first that does not, with its line.
 * @param tenant the tenant whose sandbox parses the script: no tenant's text is read in another
 * tenant's sandbox.
 * @param profile in which the hook runs, because only its image may have the interpreter
 * @throws the error of `run` when no sandbox could run the check.
 */
export async function syntaxError(
  run: ScriptRunner,
  script: Script,
  tenant: string,
  profile?: string,
): Promise<string | undefined> {
  const kind = kindOf({ profile });
  const { runtime, source, bundle, runs = [] } = script;
  const texts: ScriptText[] = [{ runtime, text: Buffer.from(source), name: 'the script' }];
  for (const file of runs) {
    const found = bundle?.files.find(({ path }) => path === file.path);
    if (found !== undefined)
      texts.push({ runtime: file.runtime, text: Buffer.from(found.content), name: file.path });
  }
  for (const text of texts) {
    const problem = await parsed(run, text, { tenant, kind });
    if (problem !== undefined) return problem;
  }
  return undefined;
}

interface ScriptText {
  readonly runtime: Runtime;
  readonly text: Buffer;
  readonly name: string;
}

async function parsed(
  run: ScriptRunner,
  { runtime, text, name }: ScriptText,
  place: Pick<ScriptRun, 'tenant' | 'kind'>,
): Promise<string | undefined> {
  const script = Buffer.from(checkers[runtime](name));
  const request = { runtime, script, stdin: text, limits };
  const { run: end } = await run(
    { ...place, isolation: 'tenant', request },
    AbortSignal.timeout(2 * limits.timeoutMs),
  );
  if (end.status === 'exited' && end.exitCode === 0) return undefined;
  const said = Buffer.from(end.stderr).toString().replaceAll('/dev/stdin: ', '').trim().split('\n');
  return `${runtime} cannot parse ${name}: ${said.slice(0, 3).join('; ') || `the check ended as ${end.status}`}`;
}
