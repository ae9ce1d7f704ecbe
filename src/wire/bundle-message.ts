/** The files of a script in a job message. */
import { z } from 'zod';
import { type Bundle, createBundle, maxBundleFiles } from '../protocol/bundle.ts';

/** The files that a command needs, sorted by path; at most 1 MiB of contents. */
export const bundleSchema = z
  .array(
    z.strictObject({
      /** Relative to the project's folder: `scripts/validate.sh`. */
      path: z.string().min(1),
      executable: z.boolean(),
      contentBase64: z.base64(),
    }),
  )
  .min(1)
  .max(maxBundleFiles);

export type BundleMessage = z.infer<typeof bundleSchema>;

export function toBundleMessage({ files }: Bundle): BundleMessage {
  return files.map(({ path, executable, content }) => ({
    path,
    executable,
    contentBase64: encodeBase64(content),
  }));
}

/**
 * The digest is computed anew, because a digest in a message would prove nothing about its files.
 * @throws InvalidInputError naming the file that cannot be used.
 */
export function parseBundleMessage(files: BundleMessage): Bundle {
  return createBundle(
    files.map(({ path, executable, contentBase64 }) => ({
      path,
      executable,
      content: Buffer.from(contentBase64, 'base64'),
    })),
  );
}

function encodeBase64({ buffer, byteOffset, length }: Uint8Array): string {
  return Buffer.from(buffer, byteOffset, length).toString('base64');
}
