/** The arguments of `hookpool hook`. */
import path from 'node:path';
import { InvalidInputError } from '../../errors.ts';
import { type FailMode, failModes } from '../../protocol/dialect.ts';
import { maxTranscriptBytes } from '../../protocol/run.ts';
import { type Arguments, type ParsedCommand, parseArguments } from '../command.ts';
import type { HookEnvironment } from './environment.ts';

export interface HookOptions {
  readonly dialect: string;
  /** The configured agent whose hooks of the file run. */
  readonly agent: string | undefined;
  readonly event: string | undefined;
  readonly server: string;
  readonly hookset: string | undefined;
  readonly hooksFile: string | undefined;
  /** Hooks files that run on this machine; when there are any, no server is asked. */
  readonly local: readonly string[];
  /** With `local`: folder whose files the hooks name. */
  readonly project: string | undefined;
  /** With `local`: folders that the hooks may read. */
  readonly workspaces: readonly string[];
  readonly tenant: string | undefined;
  readonly thread: string | undefined;
  /** The folder in which the agent works, where its JSON names none. */
  readonly cwd: string | undefined;
  readonly deadlineMs: number;
  /** undefined: the default for the kind of the event. */
  readonly failMode: FailMode | undefined;
  readonly token: string | undefined;
  readonly tokenFile: string | undefined;
  /** The most bytes of the agent's transcript that are sent, from its end; 0: none. */
  readonly transcriptBytes: number;
}

/** Below 30 s, the shortest timeout after which an agent goes on without an answer. */
const defaultDeadlineSeconds = 25;
/** Some hundred turns of an agent. */
const defaultTranscriptBytes = 1 << 20;
export const defaultServer = 'http://127.0.0.1:4665';

/** The options of `hookpool hook`. */
export const hookOptions: ParsedCommand = {
  options: {
    dialect: { type: 'string' },
    agent: { type: 'string' },
    event: { type: 'string' },
    server: { type: 'string' },
    hookset: { type: 'string' },
    hooks: { type: 'string' },
    local: { type: 'string', multiple: true },
    project: { type: 'string' },
    workspace: { type: 'string', multiple: true },
    tenant: { type: 'string' },
    thread: { type: 'string' },
    cwd: { type: 'string' },
    deadline: { type: 'string' },
    'fail-mode': { type: 'string' },
    'token-file': { type: 'string' },
    'transcript-bytes': { type: 'string' },
  },
};

/** @throws InvalidInputError `INVALID_USAGE` */
export function readOptions(argv: readonly string[], env: HookEnvironment): HookOptions | 'help' {
  const args = parseArguments(hookOptions, argv);
  if (args.flag('help')) return 'help';
  // A shell expands a glob after --local to `--local a.yaml b.yaml`.
  const local = args.list('local');
  const files = local.length === 0 ? local : [...local, ...args.positionals];
  if (local.length === 0 && args.positionals.length > 0)
    throw wrong(`Unexpected argument "${args.positionals[0]}".`);
  const cwd = args.text('cwd');
  const options = {
    dialect: args.required('dialect'),
    agent: args.text('agent'),
    event: args.text('event'),
    server: args.text('server') ?? env.server ?? defaultServer,
    hookset: args.text('hookset'),
    hooksFile: args.text('hooks'),
    local: files,
    project: args.text('project'),
    workspaces: args.list('workspace'),
    tenant: args.text('tenant'),
    thread: args.text('thread'),
    cwd: cwd === undefined ? undefined : path.resolve(cwd),
    deadlineMs: (args.number('deadline', 0.05, 3600) ?? defaultDeadlineSeconds) * 1000,
    failMode: args.oneOf('fail-mode', failModes),
    token: env.token,
    tokenFile: args.text('token-file'),
    transcriptBytes: Math.floor(
      args.number('transcript-bytes', 0, maxTranscriptBytes) ?? defaultTranscriptBytes,
    ),
  };
  checkSource(args, options);
  return options;
}

function checkSource(
  args: Arguments,
  { agent, hookset, hooksFile, local, project, workspaces }: HookOptions,
): void {
  const sources = [hookset, hooksFile, local[0]].filter((source) => source !== undefined);
  if (sources.length !== 1)
    throw wrong('Which hooks? Give one of --hookset NAME, --hooks FILE and --local FILE.');
  if (hookset !== undefined && agent !== undefined) {
    throw wrong('--agent is for a FILE: whose hooks a stored set has was said when it was stored.');
  }
  if (local.length === 0 && project !== undefined)
    throw wrong('--project is for --local: hookpool bundle puts files into a hooks file.');
  if (local.length === 0 && workspaces.length > 0)
    throw wrong('--workspace is for --local: give it to hookpool serve or its workers.');
  if (local.length > 0 && (args.text('server') ?? args.text('thread')) !== undefined) {
    throw wrong('--local runs the hooks here: --server and --thread have no meaning with it.');
  }
}

function wrong(text: string): InvalidInputError {
  return new InvalidInputError('INVALID_USAGE', text);
}
