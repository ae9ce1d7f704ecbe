/** Signs a request as the Standard Webhooks specification says, so that libraries can check it. */
import { createHmac } from 'node:crypto';

/**
 * @param secret the key itself, or `whsec_` and the key in base64.
 * @returns the three headers; the signature is over `id.timestamp.body`.
 */
export function signatureOf(
  id: string,
  body: Uint8Array,
  secret: string,
  nowMs = Date.now(),
): Readonly<Record<string, string>> {
  const timestamp = String(Math.floor(nowMs / 1000));
  const key = secret.startsWith('whsec_') ? Buffer.from(secret.slice(6), 'base64') : secret;
  const mac = createHmac('sha256', key).update(`${id}.${timestamp}.`).update(body);
  return {
    'webhook-id': id,
    'webhook-timestamp': timestamp,
    'webhook-signature': `v1,${mac.digest('base64')}`,
  };
}
