/**
 * The single list of agent systems. Help texts, docs/dialects.md, the variables that a sandbox
 * sets, the formats of hook files and the names in errors are generated from it.
 */

import type { Dialect } from '../protocol/dialect.ts';
import { byDialectName, foldName } from '../protocol/dialect-lookup.ts';
import type { AgentSystem, TranscriptFolder } from './agent-system.ts';
import { agentpoolAnswers } from './agentpool/answers.ts';
import { agentpool } from './agentpool/dialect.ts';
import { agentpoolHooks } from './agentpool/file-format.ts';
import { amazonQAnswers } from './amazon-q/answers.ts';
import { amazonQ } from './amazon-q/dialect.ts';
import { amazonQAgent } from './amazon-q/file-format.ts';
import type { AnswerTable, EventAnswers } from './answer-table.ts';
import { azureAnswers } from './azure/answers.ts';
import { azure } from './azure/dialect.ts';
import { claudeCodeAnswers, claudeCodeOlderAnswers } from './claude-code/answers.ts';
import { claudeCode, claudeCodeOlder } from './claude-code/dialect.ts';
import { claudeCodeSettings } from './claude-code/file-format.ts';
import { clineAnswers } from './cline/answers.ts';
import { cline } from './cline/dialect.ts';
import { clineScripts } from './cline/file-format.ts';
import { codexAnswers } from './codex/answers.ts';
import { codex } from './codex/dialect.ts';
import { codexHooks } from './codex/file-format.ts';
import { copilotAnswers } from './copilot/answers.ts';
import { copilot } from './copilot/dialect.ts';
import { copilotHooks } from './copilot/file-format.ts';
import { crushAnswers } from './crush/answers.ts';
import { crush } from './crush/dialect.ts';
import { crushConfig } from './crush/file-format.ts';
import { cursorAnswers } from './cursor/answers.ts';
import { cursor } from './cursor/dialect.ts';
import { cursorHooks } from './cursor/file-format.ts';
import {
  dockerAgentAnswers,
  dockerAgentGen2Answers,
  dockerAgentStrictAnswers,
} from './docker-agent/answers.ts';
import { dockerAgent, dockerAgentGen2 } from './docker-agent/dialect.ts';
import { dockerAgentStrict } from './docker-agent/dialect-strict.ts';
import { dockerAgentHooks } from './docker-agent/file-format.ts';
import type { AgentFormat } from './file-format.ts';
import { geminiCliAnswers } from './gemini-cli/answers.ts';
import { geminiCli } from './gemini-cli/dialect.ts';
import { geminiCliSettings } from './gemini-cli/file-format.ts';
import { genericAnswers } from './generic/answers.ts';
import { generic } from './generic/dialect.ts';
import { openhandsAnswers } from './openhands/answers.ts';
import { openhands } from './openhands/dialect.ts';
import { openhandsHooks } from './openhands/file-format.ts';
import { qwenCodeAnswers } from './qwen-code/answers.ts';
import { qwenCode } from './qwen-code/dialect.ts';
import { qwenCodeSettings } from './qwen-code/file-format.ts';
import { vscodeAnswers } from './vscode/answers.ts';
import { vscode } from './vscode/dialect.ts';
import { vscodeHooks } from './vscode/file-format.ts';
import { windsurfAnswers } from './windsurf/answers.ts';
import { windsurf } from './windsurf/dialect.ts';
import { windsurfHooks } from './windsurf/file-format.ts';

export const agentSystems = [
  { name: 'Azure SRE Agent', dialects: [azure], answers: [azureAnswers] },
  { name: 'any other agent', dialects: [generic], answers: [genericAnswers] },
  {
    name: 'Claude Code',
    dialects: [claudeCode, claudeCodeOlder],
    answers: [claudeCodeAnswers, claudeCodeOlderAnswers],
    file: claudeCodeSettings,
    transcripts: [
      {
        inHome: '.claude/projects',
        variable: { name: 'CLAUDE_CONFIG_DIR', below: 'projects' },
      },
    ],
  },
  {
    name: 'Codex',
    dialects: [codex],
    answers: [codexAnswers],
    file: codexHooks,
    transcripts: [
      { inHome: '.codex/sessions', variable: { name: 'CODEX_HOME', below: 'sessions' } },
    ],
  },
  {
    name: 'Gemini CLI',
    dialects: [geminiCli],
    answers: [geminiCliAnswers],
    file: geminiCliSettings,
    transcripts: [
      {
        inHome: '.gemini/tmp/*/chats',
        variable: { name: 'GEMINI_CLI_HOME', below: '.gemini/tmp/*/chats' },
      },
    ],
  },
  {
    name: 'Docker Agent',
    dialects: [dockerAgent, dockerAgentGen2, dockerAgentStrict],
    answers: [dockerAgentAnswers, dockerAgentGen2Answers, dockerAgentStrictAnswers],
    file: dockerAgentHooks,
  },
  { name: 'AgentPool', dialects: [agentpool], answers: [agentpoolAnswers], file: agentpoolHooks },
  { name: 'OpenHands', dialects: [openhands], answers: [openhandsAnswers], file: openhandsHooks },
  {
    name: 'GitHub Copilot',
    dialects: [copilot],
    answers: [copilotAnswers],
    file: copilotHooks,
    transcripts: [
      {
        inHome: '.copilot/session-state',
        variable: { name: 'COPILOT_HOME', below: 'session-state' },
      },
    ],
  },
  { name: 'Crush', dialects: [crush], answers: [crushAnswers], file: crushConfig },
  {
    name: 'Qwen Code',
    dialects: [qwenCode],
    answers: [qwenCodeAnswers],
    file: qwenCodeSettings,
    transcripts: [{ inHome: '.qwen/projects/*/chats' }, { inHome: '.qwen/tmp/*/chats' }],
  },
  { name: 'Cline', dialects: [cline], answers: [clineAnswers], file: clineScripts },
  {
    name: 'Cursor',
    dialects: [cursor],
    answers: [cursorAnswers],
    file: cursorHooks,
    transcripts: [{ inHome: '.cursor/projects/*/agent-transcripts' }],
  },
  { name: 'Amazon Q', dialects: [amazonQ], answers: [amazonQAnswers], file: amazonQAgent },
  {
    name: 'Windsurf',
    dialects: [windsurf],
    answers: [windsurfAnswers],
    file: windsurfHooks,
    transcripts: [{ inHome: '.windsurf/transcripts' }],
  },
  {
    name: 'VS Code',
    dialects: [vscode],
    answers: [vscodeAnswers],
    file: vscodeHooks,
    transcripts: [
      '.config/Code/User',
      '.vscode-server/data/User',
      'Library/Application Support/Code/User',
    ].map((folder) => ({
      inHome: `${folder}/workspaceStorage/*/GitHub.copilot-chat/transcripts`,
    })),
  },
] as const satisfies readonly AgentSystem[];

/** The `format` of a file in an agent system's own format. */
export type AgentFileFormat = Extract<
  (typeof agentSystems)[number],
  { readonly file: unknown }
>['file']['format'];

const systems: readonly AgentSystem[] = agentSystems;

export const dialects: readonly Dialect[] = systems.flatMap((system) => system.dialects);

export const dialectNames: readonly string[] = dialects.map(({ name }) => name);

export const answerTables: readonly AnswerTable[] = systems.flatMap(({ answers }) => answers);

export interface AgentFile extends AgentFormat {
  readonly format: AgentFileFormat;
}

export const fileFormats: readonly AgentFile[] = agentSystems.flatMap((system) =>
  'file' in system ? [system.file] : [],
);

/** Folders of a project, or of a home, in which agents look for their hook files. */
export const agentFolders: readonly string[] = fileFormats.flatMap(({ folders }) => folders);

/** Files of a project that make it a plugin of one of the agents. */
export const pluginManifests: readonly string[] = fileFormats.flatMap(
  ({ manifests = [] }) => manifests,
);

/**
 * The folders in which the agent of a dialect keeps transcripts; none where its context names no
 * transcript, or the name is no dialect.
 */
export function transcriptFoldersOf(dialect: string): readonly TranscriptFolder[] {
  const system = systems.find(({ dialects: own }) => own.some(({ name }) => name === dialect));
  return system?.transcripts ?? [];
}

/**
 * Prefixes of the variables that agents set for their hooks, such as `CLAUDE` of
 * `CLAUDE_PROJECT_DIR`.
 */
export const variablePrefixes: readonly string[] = [
  ...new Set(dialects.flatMap(({ variablePrefix }) => variablePrefix ?? [])),
];

/** @throws InvalidInputError `UNKNOWN_DIALECT` with the names that exist. */
export function findDialect(name: string): Dialect {
  return byDialectName(dialects, name);
}

export interface EventInTable {
  /**
   * The event in the agent's spelling, which is found by its aliases too, regardless of case and
   * underscores; an unknown event keeps the caller's spelling.
   */
  readonly name: string;
  readonly answers: EventAnswers;
}

/** @throws InvalidInputError `UNKNOWN_DIALECT` with the names that exist */
export function answersTo(dialect: string, event: string): EventInTable {
  const { events, unknown } = answerTable(dialect);
  const aliases = Object.entries(findDialect(dialect).eventAliases ?? {});
  const alias = aliases.find(([other]) => foldName(other) === foldName(event));
  const folded = foldName(alias?.[1] ?? event);
  const found = Object.entries(events).find(([name]) => foldName(name) === folded);
  return found === undefined
    ? { name: event, answers: unknown }
    : { name: found[0], answers: found[1] };
}

/** @throws InvalidInputError `UNKNOWN_DIALECT` with the names that exist */
export function answerTable(dialect: string): AnswerTable {
  return byDialectName(answerTables, dialect);
}
