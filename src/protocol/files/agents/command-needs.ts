/**
 * What a command of an agent's own file needs and a sandbox does not have: files beside the hook file, the
 * network, programs, and variables of the agent. A guard without them would fail, and most failures let through.
 */
import { shellWords } from './shell-words.ts';

const network = 'curl wget ssh scp sftp rsync nc ncat telnet ftp'.split(' ');
/** Common in hooks, and not in the image. */
const missing = (
  'node nodejs npx npm pnpm yarn bun bunx deno tsx ts-node uv uvx pip pip3 pipx poetry python2 ruby perl php java lua Rscript ' +
  'go cargo rustc dotnet make gcc git gh docker podman kubectl terraform aws az gcloud ' +
  'prettier eslint biome tsc ruff black mypy flake8 pytest shellcheck gitleaks semgrep trivy opa yq rg fd ' +
  'osascript afplay say notify-send terminal-notifier pwsh powershell zsh fish ksh'
).split(' ');
const shells = ['bash', 'sh', 'dash', 'source', '.'];
/** They run what comes after them and their options. */
const wrappers = ['exec', 'command', 'builtin', 'env', 'sudo', 'nohup', 'time', 'nice', 'timeout', 'xargs', '!', '{'];
const keywords = ['if', 'then', 'else', 'elif', 'while', 'until', 'do'];
const folders = /\$\{?(?:[A-Z]+_)?(?:PROJECT|PLUGIN|WORKSPACE|EXTENSION)_(?:DIR|ROOT|PATH)\b|^~(?:\/|$)|\$\{?HOME\b/;
const variables = /\b(?:CLAUDE|GEMINI|CODEX|OPENHANDS|CRUSH|COPILOT|AGENTPOOL|CAGENT)_[A-Z][A-Z_]*\b/g;
const ownFolders = /^\/(?:bin|usr|dev|proc|tmp)\//;
/** Of python3's own library, those that are run with -m. */
const modules = ['json', 'base64', 'ast', 'calendar', 'tokenize', 'zipfile', 'tarfile', 'timeit', 'py_compile'];

/** Sentences, each once; empty when nothing is missing. */
export function commandNeeds(command: string): string[] {
  const found = shellWords(command).flatMap(needsOf);
  const said = [...command.matchAll(variables)].map(([name]) => name).filter((name) => !/(?:DIR|ROOT|PATH)$/.test(name));
  return [...new Set([...found, ...said.map(variableText)])];
}

function needsOf(words: readonly string[]): string[] {
  const called = afterWrappers(words);
  const [program = '', ...given] = called;
  const inFolders = called.filter((word) => folders.test(word)).map(fileText);
  if (inFolders.length > 0) return inFolders;
  const name = program.replace(/^\/(?:usr\/(?:local\/)?)?s?bin\//, '');
  if (network.includes(name)) return [`${name} needs the network, which a sandbox does not have.`];
  if (missing.includes(name)) return [`${name} is not in the sandbox's image.`];
  if (name === 'python') return ["python is not in the sandbox's image: write python3.", ...pythonNeeds(given)];
  if (name === 'python3') return pythonNeeds(given);
  if (shells.includes(name)) return shellNeeds(given);
  return name.includes('/') && !ownFolders.test(name) && !name.startsWith('$') ? [fileText(name)] : [];
}

/** Without keywords, assignments, and programs that start another one. */
function afterWrappers(words: readonly string[]): readonly string[] {
  const start = words.findIndex((word) => !keywords.includes(word) && !/^\w+\+?=/.test(word));
  const rest = start === -1 ? [] : words.slice(start);
  if (!wrappers.includes(rest[0] as string)) return rest;
  const next = rest.findIndex((word, index) => index > 0 && !/^-|^[\d.]+[smhd]?$/.test(word));
  return next === -1 ? [] : afterWrappers(rest.slice(next));
}

function pythonNeeds(given: readonly string[]): string[] {
  const at = given.findIndex((word) => word === '-m' || !/^-./.test(word) || word.endsWith('c'));
  const [first = '-', module = ''] = at === -1 ? [] : given.slice(at);
  if (first === '-m')
    return modules.includes(module.replace(/\..*/, '')) ? [] : [`the python module ${module} is not in the sandbox's image.`];
  return first.startsWith('-') || ownFolders.test(first) ? [] : [fileText(first)];
}

/** `bash -c text`: the text is looked at too. */
function shellNeeds(given: readonly string[]): string[] {
  const inline = given.findIndex((word) => /^-[a-z]*c$/.test(word));
  if (inline !== -1) return shellWords(given[inline + 1] ?? '').flatMap(needsOf);
  const script = given.find((word) => !word.startsWith('-'));
  return script === undefined || ownFolders.test(script) ? [] : [fileText(script)];
}

function fileText(name: string): string {
  return `needs the file ${name} beside the hook file, which is not taken along yet: put the script into the hook file.`;
}

function variableText(name: string): string {
  return `needs the variable ${name} of the agent, which a sandbox does not have: read the JSON on stdin.`;
}
