/** What of an agent's settings moves with its guards, and what is taken out where they were. */
import type { Path } from '../../files/source-document.ts';
import { isJsonObject, type JsonObject } from '../../protocol/json.ts';

/** The paths of hooks, or of their group where all of its hooks move. */
export function removals(root: JsonObject, moved: readonly Path[]): Path[] {
  const gone = new Set(moved.map((one) => JSON.stringify(one)));
  return eachItem(root).flatMap(({ at, item }) => {
    const inner = item['hooks'];
    const paths = Array.isArray(inner)
      ? inner.map((_, index): Path => [...at, 'hooks', index])
      : [at];
    const going = paths.filter((one) => gone.has(JSON.stringify(one)));
    return going.length === paths.length && going.length > 0 ? [at] : going;
  });
}

/** The same groups and hooks, without those that stay. */
export function guardsOf(root: JsonObject, moved: readonly Path[]): JsonObject {
  const gone = new Set(moved.map((one) => JSON.stringify(one)));
  const hooks: Record<string, unknown[]> = {};
  for (const { at, item } of eachItem(root)) {
    const inner = item['hooks'];
    const taken = Array.isArray(inner)
      ? inner.filter((_, index) => gone.has(JSON.stringify([...at, 'hooks', index])))
      : [];
    const own = gone.has(JSON.stringify(at)) ? item : { ...item, hooks: taken };
    if (own === item || taken.length > 0)
      hooks[String(at[1])] = [...(hooks[String(at[1])] ?? []), own];
  }
  return { ...('version' in root ? { version: root['version'] } : {}), hooks };
}

function eachItem(root: JsonObject): { readonly at: Path; readonly item: JsonObject }[] {
  const events = isJsonObject(root['hooks']) ? root['hooks'] : {};
  return Object.entries(events).flatMap(([event, list]) =>
    (Array.isArray(list) ? list : []).flatMap((item: unknown, index) =>
      isJsonObject(item) ? [{ at: ['hooks', event, index], item }] : [],
    ),
  );
}
