/**
 * The proxy creates only the container that containerSpec() returns for the proxy's own settings. A
 * caller chooses three values, and all are bounded: the job's user id, the owner's name, and which
 * of the proxy's own workspaces is mounted, if any.
 */
import { isJsonObject, jsonDepth, maxJsonDepth, ownProperty } from '../../protocol/json.ts';
import type { ContainerSpec } from '../container-spec.ts';
import { containerSpec, isJobUid, ownerLabel, type SpecOptions } from '../spec.ts';
import { Refused } from './refused.ts';

export interface SpecSettings
  extends Pick<SpecOptions, 'seccompProfile' | 'runtime' | 'workspace'> {
  /** Image and limits of each profile; at least one. */
  readonly profiles: readonly Pick<SpecOptions, 'image' | 'limits'>[];
  /** Whether the engine runs in a user namespace; see drawJobUid(). */
  readonly narrow: boolean;
}

/**
 * The path of the workspace that a spec asks for. It is only a question: the spec that is sent has
 * the path if the proxy's own roots have it.
 */
export function askedWorkspace(body: string): string | undefined {
  const mounts = ownProperty(ownProperty(parseCanonical(body), 'HostConfig'), 'Mounts');
  const source = Array.isArray(mounts) ? ownProperty(mounts[0], 'Source') : undefined;
  return typeof source === 'string' ? source : undefined;
}

/** Host name and process id. */
const ownerPattern = /^[A-Za-z0-9._-]{1,255}:\d{1,10}$/;
const shownFieldCharacters = 120;

/**
 * @returns the proxy's own spec, which is sent instead of the caller's.
 * @throws Refused naming the first field that differs, never its value
 */
export function permittedSpec(
  body: string,
  { narrow, profiles, ...settings }: SpecSettings,
): ContainerSpec {
  const sent = parseCanonical(body);
  const command = ownProperty(sent, 'Cmd');
  const jobUid = Number(Array.isArray(command) ? command[0] : undefined);
  if (!isJobUid(jobUid, narrow)) throw refusal('Cmd');
  const owner = ownProperty(ownProperty(sent, 'Labels'), ownerLabel);
  if (typeof owner !== 'string' || !ownerPattern.test(owner)) throw refusal(`Labels.${ownerLabel}`);
  const labels = { [ownerLabel]: owner };
  const compared = profiles.map(({ image, limits }) => {
    const spec = containerSpec({ ...settings, image, limits, jobUid, labels });
    return { spec, field: firstDifference(spec, sent, '') };
  });
  const same = compared.find(({ field }) => field === undefined);
  if (same !== undefined) return same.spec;
  const nearest = compared.find(({ spec }) => spec.Image === ownProperty(sent, 'Image'));
  throw refusal((nearest ?? compared[0])?.field ?? 'Image');
}

/**
 * Parses a spec without duplicate keys: JSON.parse keeps the last of two equal keys, so a text that
 * has some differs from its value serialized again.
 */
function parseCanonical(body: string): unknown {
  let value: unknown;
  try {
    if (jsonDepth(body) <= maxJsonDepth) value = JSON.parse(body);
  } catch {
    // Treated like a text that is too deep: `value` stays undefined.
  }
  if (JSON.stringify(value) === body.trim()) return value;
  throw new Refused(
    403,
    'The container spec must be compact JSON without duplicate keys, as JSON.stringify writes it.',
  );
}

/**
 * Returns the path of the first field that differs or is in only one of the two; undefined when
 * both are equal.
 */
function firstDifference(ours: unknown, sent: unknown, path: string): string | undefined {
  if (Array.isArray(ours) !== Array.isArray(sent)) return path;
  const pairs = isPlain(ours) && isPlain(sent);
  if (!pairs) return Object.is(ours, sent) ? undefined : path;
  for (const key of new Set([...Object.keys(ours), ...Object.keys(sent)])) {
    const place = path === '' ? key : `${path}.${key}`;
    if (!Object.hasOwn(ours, key) || !Object.hasOwn(sent, key)) return place;
    const difference = firstDifference(ours[key], sent[key], place);
    if (difference !== undefined) return difference;
  }
  return undefined;
}

function isPlain(value: unknown): value is { readonly [key: string]: unknown } {
  return Array.isArray(value) || isJsonObject(value);
}

/** @param field the path of the field that differs */
export function refusal(field: string): Refused {
  const shown = field.slice(0, shownFieldCharacters);
  const text = `${shown} of the container spec is not what this engine proxy permits: worker and proxy need the same version, HOOKPOOL_IMAGE, HOOKPOOL_OCI_RUNTIME, HOOKPOOL_MEMORY_MIB, HOOKPOOL_PROFILES and --workspace.`;
  return new Refused(403, text);
}
