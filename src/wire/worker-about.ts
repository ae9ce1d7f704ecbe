/**
 * What a worker tells dispatchers of itself in its heartbeat: names only, no key and no address that
 * a hook could not write itself. The names of one tenant are told to no other one.
 */
import { z } from 'zod';

const texts = z.array(z.string()).readonly();

const aboutSchema = z.object({
  /** Whether its sandboxes can read folders of its machine. */
  workspaces: z.boolean().optional(),
  /** Its judges: the name and the aliases of each. Absent: too many to be told. */
  judges: z
    .array(z.object({ names: texts, tenants: texts }))
    .readonly()
    .optional(),
  /** Where its targets are. Absent: too many to be told. */
  targets: z
    .array(
      z.object({
        hosts: texts,
        ports: z.array(z.number()).readonly().optional(),
        plain: z.boolean(),
        path: z.string(),
        tenants: texts,
      }),
    )
    .readonly()
    .optional(),
});

/** Fields are missing where a worker of another version tells less, and more of one are dropped. */
export type WorkerAbout = z.infer<typeof aboutSchema>;

/** The text for a heartbeat. A list with which it would be longer than that takes is left out. */
export function toAbout({ judges, targets, ...about }: WorkerAbout, most: number): string {
  const shorter = [{ judges, targets }, { judges }, { targets }, {}].map((lists) =>
    JSON.stringify({ ...about, ...lists }),
  );
  return shorter.find((text) => text.length <= most) ?? '{}';
}

/** @returns undefined for what is not known, and for what no worker of this version writes. */
export function parseAbout(text: string | undefined): WorkerAbout | undefined {
  if (text === undefined) return undefined;
  try {
    return aboutSchema.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}
