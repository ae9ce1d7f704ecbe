import { expect, it } from 'vitest';
import { CommandPaths } from '../../src/bundling/command-paths.ts';
import { writeProblems } from '../../src/bundling/write-problems.ts';
import { projectOf } from './samples.ts';

function problemsOf(word: string, { paths = [''], text = '', usesFolder = true } = {}) {
  const at = new CommandPaths({ files: projectOf({}), folders: [] }, '');
  return writeProblems({ words: [word], at, paths: new Set(paths), usesFolder, text });
}

it.each([
  ['audit.log', {}],
  ['a/audit.log', { paths: ['a/x.sh'] }],
  ['a/audit.log', { text: 'mkdir -p a' }],
  ['/tmp/x', {}],
  ['$X/y', {}],
])('output into %s is no problem with %j', (word, given) => {
  expect(problemsOf(word, given)).toEqual({ runsInside: true, problems: [] });
});

it.each([
  ['a/audit.log', 'writes to a/audit.log, whose folder a sandbox does not have: make it first'],
  ['/etc/x', 'writes to /etc/x, which a sandbox cannot'],
  ['../x', 'writes to ../x, which a sandbox cannot'],
])('output into %s is a problem', (word, problem) => {
  expect(problemsOf(word).problems).toEqual([expect.stringContaining(problem)]);
});

it('a command that uses no folder writes where it starts, in /tmp', () => {
  expect(problemsOf('a/x', { usesFolder: false })).toEqual({ runsInside: false, problems: [] });
});
