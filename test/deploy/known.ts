/** What deployment files may name: read from the source, so that neither side can drift. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { operations } from '../../src/server/operations.ts';

const root = path.join(import.meta.dirname, '../..');

export const read = (file: string) => readFileSync(path.join(root, file), 'utf8');

export function sources(folder: string): string {
  const files = readdirSync(path.join(root, folder), { recursive: true, encoding: 'utf8' });
  return files
    .flatMap((file) => (file.endsWith('.ts') ? [read(path.join(folder, file))] : []))
    .join('\n');
}

/** Variables that hookpool reads, and those that its libraries do. */
export const variables = new Set([
  ...(read('src/config.ts').match(/\bHOOKPOOL_[A-Z_]+\b/g) ?? []),
  ...(read('docs/tracing.md').match(/\bOTEL_[A-Z_]+[A-Z]\b/g) ?? []),
  'DOCKER_HOST',
  'NODE_ENV',
]);

/** Why `hookpool ARGS` would be refused; undefined when it would not. */
export function wrongArguments([command = '', ...rest]: readonly string[]): string | undefined {
  if (!read('src/cli/command-line.ts').includes(`import('./${command}.ts')`))
    return `no command ${command}`;
  const source = read(`src/cli/${command}.ts`);
  return rest
    .filter((text) => text.startsWith('--'))
    .find((flag) => !source.includes(`  ${flag} `));
}

export function answers(place: string): boolean {
  return operations.some(({ method, path: known }) => method === 'get' && known === place);
}
