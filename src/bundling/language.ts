/** Tells script files from others. */
import type { BundleFile } from '../protocol/bundle.ts';
import type { Runtime } from '../protocol/run.ts';

/**
 * @returns undefined for a file that is no shell, python or JavaScript text by its name or first
 * line.
 */
export function languageOf({ path, content }: BundleFile): Runtime | undefined {
  if (path.endsWith('.py')) return 'python3';
  if (/\.(?:sh|bash)$/.test(path)) return 'bash';
  if (/\.[cm]?[jt]s$/.test(path)) return 'node';
  const line = String(Buffer.from(content.subarray(0, 256)).toString('latin1').split('\n', 1));
  if (!line.startsWith('#!')) return undefined;
  if (/python|\buv run\b/.test(line)) return 'python3';
  if (/\b(?:node|bun|tsx)\b/.test(line)) return 'node';
  return /\b(?:ba|da)?sh\b/.test(line) ? 'bash' : undefined;
}

/** @returns undefined for content that is not UTF-8 text. */
export function textOf(content: Uint8Array): string | undefined {
  if (content.includes(0)) return undefined;
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(content);
  } catch {
    return undefined;
  }
}
