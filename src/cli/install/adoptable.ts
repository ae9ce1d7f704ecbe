/** Which hooks of an agent's file can move behind the bridge, and why the others stay. */
import type { HookSet } from '../../files/hook-set.ts';
import type { LoadedHook } from '../../files/loaded-hook.ts';
import type { Path } from '../../files/source-document.ts';
import { eventRules } from '../../protocol/dialect-lookup.ts';

export interface Sorted {
  readonly moved: readonly MovedHook[];
  readonly staying: readonly { readonly hook: LoadedHook; readonly why: string }[];
}

interface MovedHook {
  readonly event: string;
  /** Of the hook in the file. */
  readonly path: Path;
}

/** A hook moves if it can block, runs in a sandbox, and `check` has nothing to say about it. */
export function sorted(set: HookSet): Sorted {
  const whys = set.hooks.map((loaded) => ({ hook: loaded, why: whyItStays(set, loaded) }));
  const kept = withOrder(set, whys);
  return {
    moved: kept.flatMap(({ hook, why }) =>
      why === undefined ? [{ event: hook.hook.event, path: pathOf(hook) }] : [],
    ),
    staying: kept.flatMap(({ hook, why }) => (why === undefined ? [] : [{ hook, why }])),
  };
}

interface Judged {
  readonly hook: LoadedHook;
  readonly why: string | undefined;
}

function whyItStays({ dialect }: HookSet, { hook, warnings }: LoadedHook): string | undefined {
  if (hook.action.kind === 'unsupported') return hook.action.reason;
  if (hook.action.kind !== 'command') return 'the agent sends it itself.';
  const [first] = warnings;
  if (first !== undefined) return first.message;
  return eventRules(dialect, hook.event).canBlock
    ? undefined
    : `nothing can be blocked at ${hook.event}: it only watches.`;
}

/** Where hooks run one after another, one that stays must not come to run before a guard. */
function withOrder({ dialect }: HookSet, judged: readonly Judged[]): Judged[] {
  const runsInOrder = dialect.order === 'sequential';
  return judged.map((one, at) => {
    const behind = judged
      .slice(at + 1)
      .find(({ hook, why }) => why !== undefined && hook.hook.event === one.hook.hook.event);
    return runsInOrder && one.why === undefined && behind !== undefined
      ? { ...one, why: `${behind.hook.hook.name} runs after it, and stays.` }
      : one;
  });
}

/** The path of the hook, of which its script is a key. */
function pathOf({ scriptPlace }: LoadedHook): Path {
  return scriptPlace.path.slice(
    0,
    scriptPlace.path.findLastIndex((key) => typeof key === 'number') + 1,
  );
}
