/** Files that a document brings with it: `files: {PATH: {content}}` beside its hooks. */
import { z } from 'zod';
import { givenFiles, type ProjectFiles } from '../bundling/project-files.ts';
import { problemOf } from '../errors.ts';
import { type BundleFile, createBundle } from '../protocol/bundle.ts';
import type { Problem, SourceDocument } from './source-document.ts';

const fileSchema = z
  .strictObject({
    content: z
      .string()
      .optional()
      .meta({ description: 'The text of the file. Either this or contentBase64.' }),
    contentBase64: z.base64().optional().meta({ description: 'Its bytes.' }),
    executable: z.boolean().optional().meta({ description: 'Default: whether it begins with #!.' }),
  })
  .refine(
    ({ content, contentBase64 }) => (content === undefined) !== (contentBase64 === undefined),
    {
      message: 'give one of content and contentBase64',
    },
  );

/** Path inside the project -> the file. */
export const filesSchema = z.record(z.string(), fileSchema);
export type FilesMessage = z.infer<typeof filesSchema>;

/** @returns the files, or every problem with its place. */
export function readGivenFiles(
  source: SourceDocument,
  value: unknown,
): { files?: ProjectFiles; problems: Problem[] } {
  const { data, error } = filesSchema.safeParse(value);
  if (data === undefined) {
    const problems = error.issues.map(({ path, message }) => {
      const place = ['files', ...path.map(String)];
      return source.problem(place, `${place.join('.')}: ${message}.`);
    });
    return { problems };
  }
  const given = Object.entries(data).map(([path, file]) => toFile(path, file));
  const problem = problemOf(() => createBundle(given));
  return problem === undefined
    ? { files: givenFiles(given), problems: [] }
    : { problems: [source.problem(['files'], problem)] };
}

function toFile(
  path: string,
  { content, contentBase64, executable }: FilesMessage[string],
): BundleFile {
  const bytes =
    content === undefined ? Buffer.from(String(contentBase64), 'base64') : Buffer.from(content);
  return {
    path,
    content: bytes,
    executable: executable ?? bytes.subarray(0, 2).toString('latin1') === '#!',
  };
}

/** Converts files back to a message; valid UTF-8 is sent as text, so that it stays readable. */
export function toFilesMessage(files: Iterable<BundleFile>): FilesMessage {
  const inOrder = [...files].sort((a, b) => (a.path < b.path ? -1 : 1));
  return Object.fromEntries(
    inOrder.map(({ path, executable, content }) => [path, { ...contentOf(content), executable }]),
  );
}

function contentOf(content: Uint8Array): { content: string } | { contentBase64: string } {
  const bytes = Buffer.from(content);
  const text = bytes.toString();
  return Buffer.from(text).equals(bytes)
    ? { content: text }
    : { contentBase64: bytes.toString('base64') };
}
