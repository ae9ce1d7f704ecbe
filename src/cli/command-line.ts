/**
 * A whole call of hookpool, from its arguments to its exit code. It is the only file that names
 * every command; of the commands only hook/ ends the process itself.
 */
import { HookpoolError, InvalidInputError, messageOf, UnavailableError } from '../errors.ts';
import { type Command, exitCodes, type Io, type OwnEnd, parseArguments } from './command.ts';
import type { Completed } from './completion.ts';

/** Commands are loaded when called, so that one does not wait for the others' libraries. */
const commands: Readonly<
  Record<string, { readonly about: string; readonly load: () => Promise<Command | OwnEnd> }>
> = {
  run: {
    about: 'one event through the hooks that match it',
    load: async () => (await import('./run.ts')).runCommand,
  },
  explain: {
    about: 'which hooks run for an event, which do not, and why',
    load: async () => (await import('./explain.ts')).explainCommand,
  },
  exec: {
    about: 'one script in a sandbox',
    load: async () => (await import('./exec.ts')).execCommand,
  },
  check: {
    about: 'are these hook files good?',
    load: async () => (await import('./check.ts')).checkCommand,
  },
  bundle: {
    about: 'a hooks file with the files that it names, in one document',
    load: async () => (await import('./bundle.ts')).bundleCommand,
  },
  test: {
    about: 'do the guards in these hook files decide as their tests say?',
    load: async () => (await import('./hook-tests/command.ts')).testCommand,
  },
  hook: {
    about: "the command of an agent's hook: answers in its words",
    load: async () => (await import('./hook/hook.ts')).answerAgent,
  },
  init: {
    about: 'put tested guards into a project',
    load: async () => (await import('./install/init.ts')).initCommand,
  },
  install: {
    about: 'put the line of the bridge into the file of an agent, or take it out',
    load: async () => (await import('./install/install.ts')).installCommand,
  },
  adopt: {
    about: "move the guards of an agent's settings behind the bridge, or back",
    load: async () => (await import('./install/adopt.ts')).adoptCommand,
  },
  status: {
    about: 'do the lines of the bridge in the files of agents work?',
    load: async () => (await import('./install/status.ts')).statusCommand,
  },
  worker: {
    about: 'take jobs from the queue and run them here',
    load: async () => (await import('./worker.ts')).workerCommand,
  },
  serve: { about: 'the HTTP API', load: async () => (await import('./serve.ts')).serveCommand },
  'engine-proxy': {
    about: 'for workers, instead of the socket of the engine',
    load: async () => (await import('./engine-proxy.ts')).engineProxyCommand,
  },
  doctor: {
    about: 'is this machine ready, and do its limits hold?',
    load: async () => (await import('./doctor.ts')).doctorCommand,
  },
  image: {
    about: 'the name of the sandbox image that this version runs',
    load: async () => (await import('./image.ts')).imageCommand,
  },
  completion: {
    about: 'a script that completes commands and options in bash, zsh or fish',
    load: async () => (await import('./completion.ts')).completionOf(commandTables),
  },
  schema: {
    about: 'the JSON Schema of a hooks file, a job, a decision, …',
    load: async () => (await import('./schema.ts')).schemaCommand,
  },
};

/** The options of all commands. */
async function commandTables(): Promise<readonly Completed[]> {
  const { hookOptions } = await import('./hook/options.ts');
  return Promise.all(
    Object.entries(commands).map(async ([name, { about, load }]) => {
      const command = await load();
      const { options } = typeof command === 'function' ? hookOptions : command;
      return { name, about, options };
    }),
  );
}

/**
 * Runs the command that the first argument names.
 * @param argv what follows `hookpool`
 * @returns the exit code; every error has been told on stderr. A command that ends the process itself
 * (hook) does not return.
 */
export async function runCommandLine(argv: readonly string[], io: Io): Promise<number> {
  try {
    return await runNamed(argv, io);
  } catch (error) {
    return report(error, io);
  }
}

async function runNamed([name, ...argv]: readonly string[], io: Io): Promise<number> {
  if (name === undefined || name === '--help' || name === '-h' || name === 'help') {
    io.out(help());
    return name === undefined ? exitCodes.usage : exitCodes.ok;
  }
  if (name === '--version' || name === '-v') {
    const { version } = await import('./version.ts');
    io.out(`${version()}\n`);
    return exitCodes.ok;
  }
  const entry = Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (entry === undefined)
    throw new InvalidInputError(
      'INVALID_USAGE',
      `There is no command "${name}". Try hookpool --help.`,
    );
  const command = await entry.load();
  if (typeof command === 'function') return command(argv);
  const args = parseArguments(command, argv);
  if (args.flag('help')) {
    io.out(command.usage);
    return exitCodes.ok;
  }
  return command.run(args, io);
}

function help(): string {
  const lines = Object.entries(commands).map(
    ([name, { about }]) => `  ${name.padEnd(12)} ${about}`,
  );
  return `hookpool runs the command hooks of AI agents in sandboxes.\n\nUsage: hookpool COMMAND [options]\n\n${lines.join('\n')}\n\nhookpool COMMAND --help tells more. hookpool --version prints the version.\n`;
}

function report(error: unknown, io: Io): number {
  if (!(error instanceof HookpoolError)) {
    io.err(
      `hookpool: a bug: ${error instanceof Error ? (error.stack ?? error.message) : messageOf(error)}\n`,
    );
    return exitCodes.bug;
  }
  io.err(`hookpool: ${error.message} (${error.code})\n`);
  if (error instanceof InvalidInputError) return exitCodes.usage;
  return error instanceof UnavailableError ? exitCodes.unavailable : exitCodes.bug;
}
