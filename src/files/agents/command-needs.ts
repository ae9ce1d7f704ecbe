/**
 * Finds what a command in an agent's own file needs and a sandbox lacks: the network, programs, and
 * variables of the agent or its user. A guard without them would fail, and most failures let the
 * action through. bundling/named-files.ts finds the files.
 */
import { variablePrefixes } from '../../agents/registry.ts';
import { calledBy, inlineShell, shells } from '../../bundling/called.ts';
import { shellWords } from '../../bundling/shell-words.ts';

const network = 'curl wget ssh scp sftp rsync nc ncat telnet ftp'.split(' ');
/** Programs that are common in hooks and missing in the image. */
const missing = (
  'node nodejs npx npm pnpm yarn bun bunx deno tsx ts-node uv uvx pip pip3 pipx poetry python2 ruby perl php java lua Rscript ' +
  'go cargo rustc dotnet make gcc git gh docker podman kubectl terraform aws az gcloud ' +
  'prettier eslint biome tsc ruff black mypy flake8 pytest shellcheck gitleaks semgrep trivy opa yq rg fd ' +
  'osascript afplay say notify-send terminal-notifier pwsh powershell zsh fish ksh'
).split(' ');
const variables = new RegExp(`\\b(?:${variablePrefixes.join('|')})_[A-Z][A-Z_]*\\b`, 'g');

/**
 * Returns what is missing as sentences, each once; empty when nothing is missing.
 * @param known variables that a sandbox has.
 */
export function commandNeeds(command: string, known: readonly string[]): string[] {
  const found = shellWords(command).flatMap(needsOf);
  const said = [...command.matchAll(variables)]
    .map(([name]) => name)
    .filter((name) => !known.includes(name));
  return [...new Set([...found, ...said.map(variableText)])];
}

function needsOf(words: readonly string[]): string[] {
  const { program, given, isWrapped } = calledBy(words);
  if (network.includes(program))
    return [`${program} needs the network, which a sandbox does not have.`];
  if (missing.includes(program)) return [`${program} is not in the sandbox's image.`];
  // Without a wrapper `python` works: bundling/start.ts defines it as a shell function.
  if (program === 'python' && isWrapped)
    return ["python is not in the sandbox's image: write python3."];
  const inline = shells.includes(program) ? inlineShell(given) : undefined;
  return inline === undefined ? [] : shellWords(inline).flatMap(needsOf);
}

function variableText(name: string): string {
  return `needs the variable ${name} of the agent, which a sandbox does not have: read the JSON on stdin.`;
}
