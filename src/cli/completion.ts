/** `hookpool completion`: scripts that complete commands and options, from the tables of the commands. */
import { dialectNames } from '../agents/registry.ts';
import { InvalidInputError } from '../errors.ts';
import { type Command, exitCodes, type ParsedCommand } from './command.ts';
import { agentNames } from './install/places.ts';

const usage = `hookpool completion bash | zsh | fish

Prints a script that completes commands, options, agents and dialects:

  bash   hookpool completion bash > ~/.local/share/bash-completion/completions/hookpool
  zsh    hookpool completion zsh > "\${fpath[1]}/_hookpool"
  fish   hookpool completion fish > ~/.config/fish/completions/hookpool.fish
`;

/** A command as its table says it. */
export interface Completed {
  readonly name: string;
  readonly about: string;
  readonly options: ParsedCommand['options'];
}

/** Words of arguments that are no files. */
const operands: Readonly<Record<string, readonly string[]>> = {
  install: agentNames,
  completion: ['bash', 'zsh', 'fish'],
};
const values: Readonly<Record<string, readonly string[]>> = {
  dialect: dialectNames,
  'fail-mode': ['allow', 'block', 'ask'],
  isolation: ['tenant', 'job'],
  bridge: ['native', 'node', 'sh'],
};

const shells: Readonly<Record<string, (commands: readonly Completed[]) => string>> = {
  bash,
  zsh,
  fish,
};

/** @param tables the commands, loaded when a script is made. */
export function completionOf(tables: () => Promise<readonly Completed[]>): Command {
  return {
    usage,
    options: {},
    run: async ({ positionals: [shell = '', more] }, io) => {
      const write = Object.hasOwn(shells, shell) && more === undefined ? shells[shell] : undefined;
      if (write === undefined)
        throw new InvalidInputError('INVALID_USAGE', 'Name one of bash, zsh and fish.');
      io.out(write(await tables()));
      return exitCodes.ok;
    },
  };
}

function flagsOf({ options }: Completed): string[] {
  return [...Object.keys(options), 'help'].map((name) => `--${name}`);
}

function cases(commands: readonly Completed[], assign: (words: readonly string[]) => string) {
  return commands
    .map((one) => `    ${one.name}) ${assign(flagsOf(one))} ${operandsOf(one, assign)};;\n`)
    .join('');
}

function operandsOf({ name }: Completed, assign: (words: readonly string[]) => string): string {
  const words = operands[name];
  return words === undefined ? '' : `${assign(words).replace('flags=', 'operands=')} `;
}

const valueCases = Object.entries(values)
  .map(([name, words]) => `    --${name}) words="${words.join(' ')}" ;;\n`)
  .join('');

function bash(commands: readonly Completed[]): string {
  const names = commands.map(({ name }) => name).join(' ');
  return `# bash completion of hookpool
_hookpool() {
  local current=\${COMP_WORDS[COMP_CWORD]} before=\${COMP_WORDS[COMP_CWORD - 1]} flags="" operands="" words=""
  if [ "$COMP_CWORD" -eq 1 ]; then
    COMPREPLY=($(compgen -W "${names} --help --version" -- "$current"))
    return
  fi
  case $before in
${valueCases}  esac
  case \${COMP_WORDS[1]} in
${cases(commands, (all) => `flags="${all.join(' ')}"`)}  esac
  if [ -n "$words" ]; then
    COMPREPLY=($(compgen -W "$words" -- "$current"))
  elif [[ $current == -* ]]; then
    COMPREPLY=($(compgen -W "$flags" -- "$current"))
  elif [ -n "$operands" ] && [ "$COMP_CWORD" -eq 2 ]; then
    COMPREPLY=($(compgen -W "$operands" -- "$current"))
  else
    COMPREPLY=($(compgen -f -- "$current"))
  fi
}
complete -o filenames -F _hookpool hookpool
`;
}

function zsh(commands: readonly Completed[]): string {
  const described = commands
    .map(({ name, about }) => `    ${quoted(`${name}:${about}`)}\n`)
    .join('');
  return `#compdef hookpool
_hookpool() {
  local flags="" operands="" words_=""
  local -a commands_
  commands_=(
${described}  )
  if (( CURRENT == 2 )); then
    _describe command commands_
    return
  fi
  case $words[CURRENT-1] in
${valueCases.replaceAll('words=', 'words_=')}  esac
  case $words[2] in
${cases(commands, (all) => `flags="${all.join(' ')}"`)}  esac
  if [[ -n $words_ ]]; then
    compadd -- \${=words_}
  elif [[ $PREFIX == -* ]]; then
    compadd -- \${=flags}
  elif [[ -n $operands ]] && (( CURRENT == 3 )); then
    compadd -- \${=operands}
  else
    _files
  fi
}
compdef _hookpool hookpool
`;
}

function fish(commands: readonly Completed[]): string {
  const lines = commands.flatMap(({ name, about, options }) => {
    const seen = `-n '__fish_seen_subcommand_from ${name}'`;
    const words = operands[name];
    return [
      `complete -c hookpool -n __fish_use_subcommand -f -a ${name} -d ${quoted(about)}`,
      ...(words === undefined ? [] : [`complete -c hookpool ${seen} -f -a '${words.join(' ')}'`]),
      ...Object.entries(options).map(([option, { type }]) => {
        const given = values[option];
        const value = given === undefined ? '-r' : `-x -a '${given.join(' ')}'`;
        return `complete -c hookpool ${seen} -l ${option}${type === 'string' ? ` ${value}` : ''}`;
      }),
    ];
  });
  return `# fish completion of hookpool\n${lines.join('\n')}\n`;
}

/** A word in single quotes, in zsh and fish. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", '’')}'`;
}
