/** Every dialect by its name. */
import { byDialectName, type Dialect } from '../protocol/dialect.ts';
import { agentpool } from './agentpool/dialect.ts';
import { amazonQ } from './amazon-q/dialect.ts';
import { azure } from './azure/dialect.ts';
import { claudeCode, claudeCodeOlder } from './claude-code/dialect.ts';
import { cline } from './cline/dialect.ts';
import { codex } from './codex/dialect.ts';
import { copilot } from './copilot/dialect.ts';
import { crush } from './crush/dialect.ts';
import { cursor } from './cursor/dialect.ts';
import { dockerAgent, dockerAgentGen2 } from './docker-agent/dialect.ts';
import { dockerAgentStrict } from './docker-agent/dialect-strict.ts';
import { geminiCli } from './gemini-cli/dialect.ts';
import { generic } from './generic/dialect.ts';
import { openhands } from './openhands/dialect.ts';
import { vscode } from './vscode/dialect.ts';
import { windsurf } from './windsurf/dialect.ts';

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
