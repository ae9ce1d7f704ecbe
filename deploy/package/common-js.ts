/** Files of the bundle as CommonJS. esbuild splits a bundle into files only as ES modules. */
import { build, transform } from 'esbuild';

const form = {
  format: 'cjs',
  platform: 'node',
  target: 'node20',
  minifySyntax: true,
  minifyWhitespace: true,
  legalComments: 'none',
  // A file of the bundle is loaded by require(), also later: chunks.ts knows no import().
  supported: { 'dynamic-import': false },
  define: { 'import.meta.dirname': '__dirname', 'import.meta.url': '__fileUrl' },
} as const;

const fileUrl = 'const __fileUrl=require("node:url").pathToFileURL(__filename).href;';

export async function toCommonJs(text: string): Promise<string> {
  const { code } = await transform(text, form);
  if (!code.includes('__fileUrl')) return code;
  const [, start = '', body = ''] = /^((?:#!.*\n)?(?:"use strict";)?)(.*)$/s.exec(code) ?? [];
  return `${start}${fileUrl}${body}`;
}

/** A module of deploy/package/ with its imports, as a file that is started by itself. */
export async function standalone(file: string): Promise<string> {
  const banner = { js: '#!/usr/bin/env node' };
  const built = await build({ ...form, banner, entryPoints: [file], bundle: true, write: false });
  return built.outputFiles.map(({ text }) => text).join('');
}
