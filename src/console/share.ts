/**
 * What stands in the playground as a text in the address, behind #, which no browser sends to a
 * server.
 */

export interface Scene {
  readonly dialect: string;
  readonly context: string;
  readonly hooks: string;
}

export async function packScene(scene: Scene): Promise<string> {
  const bytes = new TextEncoder().encode(
    JSON.stringify([scene.dialect, scene.context, scene.hooks]),
  );
  const packed = await through(
    bytes,
    new CompressionStream('deflate-raw'),
    Number.MAX_SAFE_INTEGER,
  );
  const text = btoa(Array.from(packed, (byte) => String.fromCharCode(byte)).join(''));
  return text.replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
}

/** The most characters of an address that is unpacked, and the most bytes that come out of it. */
const mostPacked = 200_000;
const mostUnpacked = 2 << 20;

/** @returns undefined for a text that packScene has not made. */
export async function unpackScene(text: string): Promise<Scene | undefined> {
  if (text.length > mostPacked) return undefined;
  try {
    const packed = atob(text.replaceAll('-', '+').replaceAll('_', '/'));
    const bytes = Uint8Array.from(packed, (one) => one.charCodeAt(0));
    const whole = await through(bytes, new DecompressionStream('deflate-raw'), mostUnpacked);
    const values: unknown = JSON.parse(new TextDecoder().decode(whole));
    if (!Array.isArray(values) || values.length !== 3) return undefined;
    const [dialect, context, hooks] = values.map(String) as [string, string, string];
    return { dialect, context, hooks };
  } catch {
    return undefined;
  }
}

async function through(
  bytes: Uint8Array<ArrayBuffer>,
  transform: CompressionStream | DecompressionStream,
  most: number,
): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  const reader = new Blob([bytes]).stream().pipeThrough(transform).getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    length += value.length;
    if (length > most) throw new RangeError('The text is too long.');
    chunks.push(value);
  }
  const whole = new Uint8Array(length);
  let at = 0;
  for (const chunk of chunks) {
    whole.set(chunk, at);
    at += chunk.length;
  }
  return whole;
}
