/** `hookpool init`: puts tested guards into a project. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { findDialect } from '../../agents/registry.ts';
import { InvalidInputError } from '../../errors.ts';
import { type Arguments, type Command, exitCodes, type Io, listed } from '../command.ts';
import { packageFolder } from '../package-folder.ts';
import { defaultHookset } from './bridge-command.ts';
import { agentNames, namedAgent } from './places.ts';
import { realPlace, writeSettings } from './settings-file.ts';

const usage = `hookpool init [DIR] [--agent NAME]

Puts ten guards with their tests into DIR/guards: secrets, files of credentials, destructive shell, forced
pushes, SQL, deleted infrastructure, downloads that run at once, new packages, commit messages, and a marker
of completion (off at first). No file is ever overwritten.

  DIR           folder of the project; default: the current one
  --agent NAME  whose events the guards are written for: ${listed(agentNames, 16).trimStart()}.
                Default: those of Azure SRE Agent, Claude Code, Codex and Qwen Code, which are the same

Exit code: 0; 64 a file is there already.
`;

export const initCommand: Command = {
  usage,
  options: { agent: { type: 'string' } },
  run: init,
};

const folderName = 'guards';

async function init(args: Arguments, io: Io): Promise<number> {
  const [folder = '.', more] = args.positionals;
  if (more !== undefined) throw wrong(`Unexpected argument "${more}".`);
  const name = args.text('agent');
  const agent = name === undefined ? undefined : namedAgent(name);
  const project = path.resolve(folder);
  if (!existsSync(project)) throw wrong(`There is no folder ${project}.`);
  const from = path.join(packageFolder, 'examples', folderName);
  const files = readdirSync(from)
    .filter((file) => /\.(?:py|yaml)$/.test(file))
    .map((file) => ({ file, place: path.join(project, folderName, file) }));
  const there = files.find(({ place }) => existsSync(place));
  if (there !== undefined)
    throw wrong(
      `${there.place} is there already, and nothing is overwritten. Nothing was written.`,
    );
  for (const { file, place } of files) {
    const text = readFileSync(path.join(from, file), 'utf8');
    const own = file.endsWith('.yaml') ? forAgent(withoutSchema(text), agent?.dialect) : text;
    writeSettings(realPlace(place, project), own, 0o644);
  }
  const shown = path.join(path.relative('.', project), folderName);
  const dialect = agent?.dialect ?? 'claude-code';
  io.out(`${files.length} files in ${shown}.
Try them:   hookpool test ${shown}
Serve them: hookpool serve
            hookpool bundle ${shown}/hooks.yaml | curl -T - -H 'Content-Type: application/json' http://127.0.0.1:4665/v1/hooksets/${defaultHookset}
Use them:   hookpool install ${dialect}
            hookpool status
`);
  return exitCodes.ok;
}

/** The schema of the example is beside it in the repository only. */
function withoutSchema(text: string): string {
  return text.replace(/^# yaml-language-server:.*\n/, '');
}

/** The same hooks, or tests, under the events of another agent. */
function forAgent(text: string, dialect: string | undefined): string {
  if (dialect === undefined) return text;
  const { events } = findDialect(dialect);
  const [gate] = namedAgent(dialect).format.bridge.events;
  const end = Object.keys(events).find(
    (event) => events[event]?.endsTurn === true && events[event].canBlock,
  );
  const named = text.replace(/^(hooks|cases):$/m, `dialect: ${dialect}\n$1:`);
  const gated = named.replace(/\bPreToolUse:?$/gm, (found) => found.replace('PreToolUse', gate));
  if (end !== undefined) return gated.replace(/\bStop:?$/gm, (found) => found.replace('Stop', end));
  // Without an event at the end of a turn there is nothing that a marker could hold up.
  return gated
    .replace(/^ {2}Stop:\n[\s\S]*/m, '')
    .replace(/^ {2}- name: completion-marker[\s\S]*/m, '');
}

function wrong(text: string): InvalidInputError {
  return new InvalidInputError('INVALID_USAGE', text);
}
