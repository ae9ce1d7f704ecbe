/**
 * node client.ts HOOKS.json CONTEXT.json: asks hookpool and exits with 2 for a block, 0 otherwise.
 */
import { readFileSync } from 'node:fs';

const server = process.env['HOOKPOOL_URL'] ?? 'http://127.0.0.1:4665';
const token = process.env['HOOKPOOL_TOKEN'];
const [hooksFile = '', contextFile = ''] = process.argv.slice(2);

const answer = await fetch(`${server}/v1/evaluate`, {
  method: 'POST',
  headers: {
    'content-type': 'application/json',
    ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
  },
  // The context as a text: its numbers reach the hook as they are.
  body: JSON.stringify({
    hooks: JSON.parse(readFileSync(hooksFile, 'utf8')).hooks,
    context: readFileSync(contextFile, 'utf8'),
    deadlineMs: 10_000,
  }),
  signal: AbortSignal.timeout(15_000),
});
if (!answer.ok) throw new Error(`hookpool answered ${answer.status}: ${await answer.text()}`);
const { decision, reason } = (await answer.json()) as { decision: string; reason?: string };
console.log(decision, reason ?? '');
process.exitCode = decision === 'block' ? 2 : 0;
