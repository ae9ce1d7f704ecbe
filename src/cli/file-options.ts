import { InvalidInputError } from '../errors.ts';
import type { Arguments } from './command.ts';

/** The options of commands that read hooks files; load-hooks.ts reads them. */
export const fileOptionNames = {
  dialect: { type: 'string' },
  agent: { type: 'string' },
  project: { type: 'string' },
  'fail-mode': { type: 'string' },
} as const;

/** The files of `--hooks`. @throws InvalidInputError `INVALID_USAGE` */
export function hookFilesOf(args: Arguments): readonly string[] {
  const files = args.list('hooks');
  if (files.length === 0) throw new InvalidInputError('INVALID_USAGE', '--hooks FILE is missing.');
  args.noPositionals();
  return files;
}
