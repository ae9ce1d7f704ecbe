/** Every dialect by its name. */
import { byDialectName, type Dialect } from '../dialect.ts';
import { agentpool } from './agentpool.ts';
import { amazonQ } from './amazon-q.ts';
import { azure } from './azure.ts';
import { claudeCode, claudeCodeOlder } from './claude-code.ts';
import { cline } from './cline.ts';
import { codex } from './codex.ts';
import { copilot } from './copilot.ts';
import { crush } from './crush.ts';
import { cursor } from './cursor.ts';
import { dockerAgent, dockerAgentGen2 } from './docker-agent.ts';
import { dockerAgentStrict } from './docker-agent-strict.ts';
import { geminiCli } from './gemini-cli.ts';
import { generic } from './generic.ts';
import { openhands } from './openhands.ts';
import { vscode } from './vscode.ts';
import { windsurf } from './windsurf.ts';

export const dialects: readonly Dialect[] = [
  azure,
  generic,
  claudeCode,
  claudeCodeOlder,
  codex,
  geminiCli,
  dockerAgent,
  dockerAgentGen2,
  dockerAgentStrict,
  agentpool,
  openhands,
  copilot,
  crush,
  cline,
  cursor,
  amazonQ,
  windsurf,
  vscode,
];

export const dialectNames: readonly string[] = dialects.map((dialect) => dialect.name);

/** @throws InvalidInputError `UNKNOWN_DIALECT` with the names that exist. */
export function findDialect(name: string): Dialect {
  return byDialectName(dialects, name);
}
