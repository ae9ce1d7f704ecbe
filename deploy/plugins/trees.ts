/**
 * The plugins of the agents that take them, made from what hookpool knows of each agent. Claude
 * Code, Codex and Copilot CLI install them from the marketplaces at the root of the repository or of
 * the package, Gemini CLI from the folder.
 *
 * Sources: the plugins reference of Claude Code 2.1.3xx; openai/codex
 * codex-rs/core-plugins/src/{marketplace,manifest}.rs@0324d09f and hooks/src/engine/discovery.rs
 * @0082977c, which sets PLUGIN_ROOT; google-gemini/gemini-cli docs/extensions/reference.md@00edada4;
 * github/docs content/copilot/reference/copilot-cli-reference/cli-plugin-reference.md@0afe69c8.
 */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { fileFormats, findDialect } from '../../src/agents/registry.ts';

const root = path.join(import.meta.dirname, '../..');
const read = (name: string) => readFileSync(path.join(root, name), 'utf8');

interface Plugin {
  /** The agent's dialect, and the name of the folder. */
  readonly dialect: string;
  /** How a command names the folder in which the plugin is installed. */
  readonly folder: string;
  readonly manifest: { readonly file: string; readonly more?: object };
  /** The list at the root from which the agent installs. */
  readonly marketplace?: { readonly file: string; readonly entry: (source: string) => object };
  /** Events that are not wired, each with its reason. */
  readonly without?: Readonly<Record<string, string>>;
}

const settings = [
  {
    name: 'server',
    title: 'Server',
    text: 'Where hookpool serve answers: http://…, https://… or unix:///SOCKET',
    more: { required: true, default: 'http://127.0.0.1:4665' },
  },
  {
    name: 'hookset',
    title: 'Hook set',
    text: 'The name under which the server stores the hooks; guard, where it is left empty',
    more: {},
  },
  {
    name: 'token',
    title: 'Token',
    text: 'The token for the server, with the role evaluate; empty for a server without tokens',
    more: { sensitive: true },
  },
];

export const plugins: readonly Plugin[] = [
  {
    dialect: 'claude-code',
    // biome-ignore lint/suspicious/noTemplateCurlyInString: Claude Code replaces it.
    folder: '${CLAUDE_PLUGIN_ROOT}',
    manifest: {
      file: '.claude-plugin/plugin.json',
      more: {
        userConfig: Object.fromEntries(
          settings.map(({ name, title, text, more }) => [
            name,
            { type: 'string', title, description: `${text}.`, ...more },
          ]),
        ),
      },
    },
    marketplace: {
      file: '.claude-plugin/marketplace.json',
      entry: (source) => ({ source }),
    },
    without: {
      WorktreeCreate: 'a hook there creates the worktree instead of Claude Code',
      DirectoryAdded: 'Claude Code refuses all hooks of a plugin for a name that it does not know',
      FileChanged: 'its matcher names the files that Claude Code watches',
      MessageDisplay: 'Claude Code calls it for each piece of a message that it shows',
    },
  },
  {
    dialect: 'codex',
    // biome-ignore lint/suspicious/noTemplateCurlyInString: Codex sets the variable.
    folder: '${PLUGIN_ROOT}',
    manifest: { file: '.codex-plugin/plugin.json', more: { hooks: './hooks/hooks.json' } },
    marketplace: {
      file: '.agents/plugins/marketplace.json',
      entry: (source) => ({
        source: { source: 'local', path: source },
        policy: { installation: 'AVAILABLE', authentication: 'ON_INSTALL' },
        category: 'Developer Tools',
      }),
    },
  },
  {
    dialect: 'gemini-cli',
    // biome-ignore lint/suspicious/noTemplateCurlyInString: Gemini CLI replaces it.
    folder: '${extensionPath}',
    manifest: {
      file: 'gemini-extension.json',
      more: {
        settings: settings.map(({ name, title, text, more }) => ({
          name: title,
          description: `${text}.`,
          envVar: `HOOKPOOL_${name.toUpperCase()}`,
          ...('sensitive' in more ? { sensitive: true } : {}),
        })),
      },
    },
    without: {
      AfterModel: 'Gemini CLI calls it for each piece of a streamed answer',
    },
  },
  {
    dialect: 'copilot',
    // biome-ignore lint/suspicious/noTemplateCurlyInString: Copilot CLI sets the variable.
    folder: '${COPILOT_PLUGIN_ROOT}',
    manifest: { file: '.plugin/plugin.json', more: { hooks: 'hooks/hooks.json' } },
    marketplace: {
      file: '.github/plugin/marketplace.json',
      entry: (source) => ({ source }),
    },
  },
];

/** Where the folder of a plugin lies below the root. */
export const placeOf = ({ dialect }: Pick<Plugin, 'dialect'>) => `deploy/plugins/${dialect}`;

/** All files of all plugins, with their paths below the root. */
export function pluginFiles(): ReadonlyMap<string, string> {
  return new Map(plugins.flatMap(filesOf));
}

function filesOf(plugin: Plugin): (readonly [string, string])[] {
  const { manifest, marketplace } = plugin;
  const about = aboutOf(plugin);
  const files: (readonly [string, string])[] = [
    [manifest.file, json({ ...about, author: owner, license: 'Apache-2.0', ...manifest.more })],
    ['hooks/hooks.json', json(hooksOf(plugin))],
    ['bridge/hookpool-hook', read('deploy/plugins/hookpool-hook')],
    ['bridge/hookpool-hook.sh', read('deploy/bridge/hookpool-hook.sh')],
  ];
  const placed = files.map(([file, text]) => [`${placeOf(plugin)}/${file}`, text] as const);
  if (marketplace === undefined) return placed;
  const entry = { ...about, ...marketplace.entry(`./${placeOf(plugin)}`) };
  const list = { name: 'hookpool', description: 'Hooks of agents in sandboxes.', owner };
  return [...placed, [marketplace.file, json({ ...list, plugins: [entry] })]];
}

const owner = { name: 'hookpool' };

function aboutOf({ dialect }: Plugin) {
  const { version } = JSON.parse(read('package.json')) as { readonly version: string };
  const format = formatOf(dialect);
  return {
    name: 'hookpool',
    version,
    description: `Asks a hookpool server at the events of ${format.about}: its hooks run in sandboxes, and what they say blocks.`,
  };
}

function formatOf(dialect: string) {
  const found = fileFormats.find(({ dialects: [first] }) => first === dialect);
  if (found === undefined) throw new Error(`No agent has the dialect ${dialect}.`);
  return found;
}

/** Below this an agent does not wait for the bridge's own 25 s. */
const shortestMs = 2_000;

function hooksOf({ dialect, folder, without = {} }: Plugin) {
  const { bridge } = formatOf(dialect);
  const { events } = findDialect(dialect);
  const unknown = Object.keys(without).filter((event) => !Object.hasOwn(events, event));
  if (unknown.length > 0) throw new Error(`${dialect} has no ${unknown}: deploy/plugins/trees.ts`);
  const wired = Object.entries(events).filter(([event]) => !Object.hasOwn(without, event));
  const lists = wired.map(([event, { defaultTimeoutMs = Number.POSITIVE_INFINITY }]) => {
    const deadline = defaultTimeoutMs < shortestMs ? ' 1' : '';
    const command = `/bin/sh "${folder}/bridge/hookpool-hook" ${dialect} ${event}${deadline}`;
    return [event, [bridge.item(command, event)]];
  });
  return { ...bridge.head, hooks: Object.fromEntries(lists) };
}

function json(value: object): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}
