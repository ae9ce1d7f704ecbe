import { describe, expect, it } from 'vitest';
import { inProject } from '../../../src/bundling/in-project.ts';
import {
  builtInContents,
  chooseProfile,
  contentsOf,
} from '../../../src/bundling/needs/profiles.ts';
import { projectOf } from '../samples.ts';

const tools = { name: 'tools', programs: ['gh', 'git'], modules: ['pytest'] };
const list = [...builtInContents, tools];

function placed(command: string, profiles = list, sources: Record<string, string> = {}) {
  const files = projectOf(sources, { folder: '/w', home: '/home/me' });
  const place = { dialect: 'claude-code', files, profiles };
  const found = inProject({ runtime: 'bash', source: command }, { command }, place);
  return {
    profile: found.profile,
    said: [...found.problems, ...found.warnings].map(([, message]) => message),
  };
}

describe('a hook gets', () => {
  it.each([
    ['the first profile, which lacks nothing', 'jq -e .x', 'small'],
    ['full for its program', 'git status --short', 'full'],
    ['full for a module', 'python3 -c "import yaml"', 'full'],
    ['the first that has all of it', 'git status; gh pr list', 'tools'],
    ['a profile of the operator for a module', 'python3 -c "import pytest"', 'tools'],
  ])('%s', (_, command, profile) => {
    expect(placed(command)).toEqual({ profile, said: [] });
  });

  it('the first of those that lack least, and is told what lacks there', () => {
    expect(placed('git status; gh pr list; npx prettier')).toEqual({
      profile: 'tools',
      said: ["npx is not in the sandbox's image."],
    });
    expect(placed('npx prettier').profile).toBe('small');
  });

  it('what it cannot do without before many things that it may do without', () => {
    const command = 'gh pr list; if x; then perl -e 1; xxd y; bc; fi';
    expect(placed(command).profile).toBe('tools');
  });

  it('full for the interpreter of a file that it starts', () => {
    const sources = { 'x.sh': '#!/usr/bin/env perl\n' };
    expect(placed('./x.sh', list, sources)).toEqual({ profile: 'full', said: [] });
    expect(placed('./x.sh', [tools], sources)).toEqual({
      profile: 'tools',
      said: ["./x.sh is run by perl, which is not in the sandbox's image."],
    });
  });

  it('full for what a file needs that goes along', () => {
    const sources = { 'x.sh': 'git log\n' };
    expect(placed('bash x.sh', list, sources)).toEqual({ profile: 'full', said: [] });
  });

  it('the only profile of a list, whatever lacks', () => {
    expect(placed('gh pr list', [builtInContents[1]])).toEqual({
      profile: 'full',
      said: ["gh is not in the sandbox's image."],
    });
    expect(placed('gh pr list', []).profile).toBe('small');
  });
});

it('no profile has a variable, a path or the network', () => {
  const has = contentsOf(tools);
  const kinds = ['program', 'module', 'network', 'path'].map((kind) => has({ kind, name: 'gh' }));
  expect(kinds).toEqual([true, false, false, false]);
});

it('a need counts once, as certain as its most certain use', () => {
  const certain = { fact: { kind: 'program', name: 'gh' }, isCertain: true };
  const lesser = ['perl', 'xxd'].map((name) => ({
    fact: { kind: 'program', name },
    isCertain: false,
  }));
  const needs = [{ ...certain, isCertain: false }, certain, ...lesser];
  expect(chooseProfile(list, needs).name).toBe('tools');
});
