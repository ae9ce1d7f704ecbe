/** `hookpool status`: does each installed line of the bridge work? */
import path from 'node:path';
import { InvalidInputError } from '../../errors.ts';
import { plainJson } from '../../plain-text.ts';
import type { Level } from '../../sandbox/examine.ts';
import { type Arguments, type Command, exitCodes, type Io } from '../command.ts';
import { readHookEnvironment } from '../hook/environment.ts';
import { defaultServer } from '../hook/options.ts';
import { type Colour, oneLine, paint, table } from '../table.ts';
import { type HookSource, uncoveredHooks } from './coverage.ts';
import { findInstalled, type Installed } from './installed.ts';
import { readLine } from './line-problem.ts';
import { roundTrip } from './round-trip.ts';
import { readyLine, type StatusFinding, serverFindings } from './server-status.ts';
import { readSettings } from './settings-file.ts';

const usage = `hookpool status [DIR] [--server URL] [--json | --line]

Looks for the line of the bridge in the files of every agent, of the project DIR and of the user, asks the
server whether it is ready and takes the token, and sends one harmless event through each line.

  DIR           folder of the project; default: the current one
  --server URL  the server of lines that name none; default: HOOKPOOL_SERVER or http://127.0.0.1:4665
  --json        [{level, name, text, ms?}] on stdout
  --line        one line, for the status line of an agent: is the server ready? Nothing else is tried

The token is that of the file that a line for the same server names (--token-file), else of
HOOKPOOL_TOKEN, as the bridge takes it. Exit code: 0 all works (warnings allowed); 75 something does
not.
`;

const colours: Readonly<Record<Level, Colour>> = { ok: 'green', warn: 'yellow', fail: 'red' };

export const statusCommand: Command = {
  usage,
  options: {
    server: { type: 'string' },
    json: { type: 'boolean' },
    line: { type: 'boolean' },
  },
  run: status,
};

async function status(args: Arguments, io: Io): Promise<number> {
  const [folder = '.', more] = args.positionals;
  if (more !== undefined)
    throw new InvalidInputError('INVALID_USAGE', `Unexpected argument "${more}".`);
  const env = readHookEnvironment();
  const server = args.text('server') ?? env.server ?? defaultServer;
  if (args.flag('line')) {
    const { text, isReady } = await readyLine(server);
    io.out(`${text}\n`);
    return isReady ? exitCodes.ok : exitCodes.unavailable;
  }
  const project = path.resolve(folder);
  const findings = await examine(findInstalled(project), { project, server, token: env.token });
  io.out(args.flag('json') ? `${plainJson(JSON.stringify(findings))}\n` : shown(findings, io));
  return findings.some(({ level }) => level === 'fail') ? exitCodes.unavailable : exitCodes.ok;
}

interface Surroundings {
  readonly project: string;
  readonly server: string;
  readonly token: string | undefined;
}

async function examine(
  installed: readonly Installed[],
  around: Surroundings,
): Promise<StatusFinding[]> {
  const files = installed.map((one) => ({
    ...one,
    read: one.lines.map(({ command }) => readLine(command, around.server)),
  }));
  const options = files.flatMap(({ read }) => read.flatMap(({ options: found }) => found ?? []));
  const asked = options.filter(({ local }) => local.length === 0);
  const servers = new Set(asked.map(({ server }) => server));
  const hooksets = (server: string) =>
    new Set(asked.flatMap((one) => (one.server === server ? (one.hookset ?? []) : [])));
  const none: StatusFinding[] =
    files.some(({ lines }) => lines.length > 0) || installed.some(({ problem }) => problem)
      ? []
      : [
          {
            level: 'fail',
            name: 'agents',
            text: 'No agent calls the bridge: hookpool install AGENT.',
          },
        ];
  // A token file is for the server of its line, and no other server gets to see it.
  const tokenFor = (server: string) => {
    const [file] = asked.flatMap((one) => (one.server === server ? (one.tokenFile ?? []) : []));
    return file === undefined ? around.token : readSettings(file)?.trim();
  };
  const ofServers = [...servers].map((server) =>
    serverFindings(server, tokenFor(server), [...hooksets(server)]),
  );
  const ofFiles = files.map((file) => fileFindings(file, around));
  const found = [...ofServers, ...ofFiles, uncoveredFindings(files, tokenFor)];
  return [...none, ...(await Promise.all(found)).flat()];
}

/** The lines of one agent with the same hooks count together: files of project and user, scripts. */
async function uncoveredFindings(
  files: readonly ReadInstalled[],
  tokenFor: (server: string) => string | undefined,
): Promise<StatusFinding[]> {
  const all = new Map<string, { file: ReadInstalled; source: HookSource; events: string[] }>();
  for (const file of files)
    for (const [index, { event }] of file.lines.entries()) {
      const options = file.read[index]?.options;
      if (options === undefined) continue;
      const { dialect, local, hookset, server } = options;
      const key = JSON.stringify([dialect, local, hookset, server]);
      const source = { dialect, local, hookset, server, token: tokenFor(server) };
      const { events } = all.get(key) ?? { events: [] };
      all.set(key, { file, source, events: [...events, event] });
    }
  const texts = [...all.values()].map(async ({ file: { about, shown: name }, source, events }) => {
    const text = await uncoveredHooks(about, source, events);
    return text === undefined ? [] : [{ level: 'warn' as const, name, text: `${about}: ${text}` }];
  });
  return (await Promise.all(texts)).flat();
}

type ReadInstalled = Installed & { readonly read: readonly ReturnType<typeof readLine>[] };

async function fileFindings(
  { about, shown: name, lines, read, problem, warnings, probe, gate }: ReadInstalled,
  { project }: Surroundings,
): Promise<StatusFinding[]> {
  if (problem !== undefined) return [{ level: 'fail', name, text: problem }];
  const events = lines.map(({ event }) => event).join(', ');
  const problems = new Set(read.flatMap((one) => one.problem ?? []));
  const notes = new Set([...warnings, ...read.flatMap((one) => one.warning ?? [])]);
  const found = [
    ...[...problems].map((text) => ({ level: 'fail' as const, name, text: `${about}: ${text}` })),
    ...[...notes].map((text) => ({ level: 'warn' as const, name, text: `${about}: ${text}` })),
  ];
  const line = lines.find(({ event }) => event === gate);
  if (problems.size > 0 || line === undefined)
    return found.length > 0
      ? found
      : [{ level: 'ok', name, text: `${about}: ${events}; not tried.` }];
  const { ms, problem: why } = await roundTrip(line.command, probe, project);
  const tried: StatusFinding =
    why === undefined
      ? { level: 'ok', name, text: `${about}: ${events}; a decision in ${Math.round(ms)} ms`, ms }
      : { level: 'fail', name, text: `${about}: ${oneLine(why)}`, ms };
  return [...found, tried];
}

function shown(findings: readonly StatusFinding[], io: Io): string {
  const rows = findings.map(({ level, name, text }) => [
    paint(level, colours[level], io.terminal),
    oneLine(name),
    oneLine(text),
  ]);
  return table(rows, 1000);
}
