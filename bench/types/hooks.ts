/** One hook of each type, each of which blocks every context of the bench. */
import { type Hook, parseHooksFile } from '../../src/index.ts';

const module = `import re

def check(tool_input, **event):
    if re.search(r"\\brm\\s+-rf\\b", tool_input.get("command", "")):
        return {"decision": "deny", "reason": "rm -rf is not permitted."}
`;
const prompt = `Reject every command that deletes a folder with all that is in it, such as rm -rf, unless
the folder is below /tmp. Name the folder.`;

/** The name of the judge. */
export const judgeName = 'stand-in';

export interface Places {
  /** Port of the service on loopback. */
  readonly port: number;
  readonly tlsPort: number;
}

/** The hooks by their names, as one hooks file has them. */
export function typeHooks({ port, tlsPort }: Places): ReadonlyMap<string, Hook> {
  const asks = { prompt, model: judgeName };
  const all = [
    { name: 'callable', type: 'callable', import: 'bench_guard.check' },
    { name: 'http', type: 'http', url: `http://127.0.0.1:${port}/check` },
    { name: 'http-tls', type: 'http', url: `https://127.0.0.1:${tlsPort}/check` },
    { name: 'prompt', type: 'prompt', tools: [], ...asks },
    { name: 'agent', type: 'agent', tools: ['ReadFile'], maxTurns: 3, ...asks },
  ];
  const entries = all.map((one) => ({ ...one, matcher: 'Bash', failMode: 'block', timeout: 10 }));
  const file = {
    hooks: { PreToolUse: entries },
    files: { 'bench_guard.py': { content: module } },
  };
  const { hooks } = parseHooksFile('types', JSON.stringify(file));
  return new Map(hooks.map(({ hook }) => [hook.name, hook]));
}
