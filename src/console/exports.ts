/** An evaluation as a text that can be run elsewhere. */
import type { EvaluationRecord, KeptContext } from '../server/api-types.ts';

/**
 * A command line for a POSIX shell. The token comes from the environment: it must not stand in a
 * text that people paste into tickets.
 */
export function curlOf(record: EvaluationRecord, kept: KeptContext, origin: string): string {
  const { tenant, event, dialect, hookset, thread } = record;
  const { context, transcript, cwd, active, documents } = kept;
  // Hooks that came with the call are stored under no name.
  const hooks = hookset === undefined ? { document: documents[0]?.text } : { hookset };
  const about = { tenant, dialect, event, ...hooks, thread, transcript, cwd, active };
  const body = JSON.stringify({ ...about, context });
  return [
    `curl -sS ${quoted(`${origin}/v1/evaluate`)}`,
    `-H "Authorization: Bearer $HOOKPOOL_TOKEN"`,
    `-H 'Content-Type: application/json'`,
    `--data-binary ${quoted(body)}`,
  ].join(' \\\n  ');
}

/** A case for a `*.hooktest.yaml` file. JSON is YAML, so every text is right without a writer. */
export function hookTestOf(record: EvaluationRecord, kept: KeptContext): string {
  const context: unknown = JSON.parse(kept.context);
  const name = `evaluation ${record.id}`;
  const expected = {
    decision: record.decision,
    ...(record.decidedBy === undefined ? {} : { decidedBy: record.decidedBy }),
  };
  const { transcript, active } = kept;
  const given = { name, event: record.event, context, transcript, active };
  return `- ${JSON.stringify({ ...given, expect: expected }, null, 2).replaceAll('\n', '\n  ')}\n`;
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
