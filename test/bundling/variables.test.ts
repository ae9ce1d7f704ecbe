import { expect, it } from 'vitest';
import { environmentProblem, folderVariablesOf } from '../../src/bundling/variables.ts';

it('a dialect says what its agent calls the folder of the project', () => {
  expect(folderVariablesOf('openhands')).toEqual(['OPENHANDS_PROJECT_DIR']);
  expect(folderVariablesOf('azure')).toEqual([]);
  expect(folderVariablesOf('agentpool')).toEqual(['PROJECT_DIR']);
});

it.each([
  [{ A: 'x y', _b1: '', PATH: '/usr/bin' }, undefined],
  [{ 'A-B': 'x' }, '"A-B" is no name of a variable'],
  [{ '1A': 'x' }, '"1A" is no name of a variable'],
  [{ UID: '0' }, 'UID cannot be set'],
  [{ BASH_ENV: 'x' }, 'BASH_ENV cannot be set'],
  [{ A: 'x\0' }, 'The value of A has a character'],
  [{ A: '\ud800' }, 'The value of A has a character'],
  [{ TOKEN: '$\x7Benv.TOKEN}' }, "TOKEN needs $\x7Benv.TOKEN} of the agent's machine"],
])('of %j is told: %s', (environment, problem) => {
  expect(environmentProblem(environment)).toEqual(
    problem === undefined ? undefined : expect.stringContaining(problem),
  );
});
