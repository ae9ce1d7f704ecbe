/** `hookpool completion`: what bash makes of its script, and what stands in the others. */
import { execFileSync } from 'node:child_process';
import { beforeAll, describe, expect, test } from 'vitest';
import { hookpoolHere } from '../support/cli-here.ts';

const scripts: Record<string, string> = {};

beforeAll(async () => {
  for (const shell of ['bash', 'zsh', 'fish'])
    scripts[shell] = (await hookpoolHere(['completion', shell])).stdout;
  // The tables of all commands load what the commands load.
}, 60_000);

/** The words that bash offers for the last of these words. */
function offered(...words: readonly string[]): string[] {
  const list = words.map((word) => `'${word}'`).join(' ');
  const ask = `COMP_WORDS=(${list}) COMP_CWORD=${words.length - 1}; _hookpool; printf '%s\\n' "\${COMPREPLY[@]}"`;
  return execFileSync('bash', ['-c', `${scripts['bash']}\n${ask}`], { encoding: 'utf8' })
    .split('\n')
    .filter((word) => word !== '');
}

describe('bash', () => {
  test('completes commands', () => {
    expect(offered('hookpool', 'sta')).toEqual(['status']);
    expect(offered('hookpool', '')).toEqual(expect.arrayContaining(['run', 'hook', 'completion']));
  });

  test('completes the options of each command, from its own table', () => {
    expect(offered('hookpool', 'check', '--s')).toEqual([
      ...['--static', '--sandbox', '--strict', '--sarif'],
    ]);
    expect(offered('hookpool', 'hook', '--transcript')).toEqual(['--transcript-bytes']);
    expect(offered('hookpool', 'serve', '--work')).toEqual(['--workspace']);
  });

  test('completes agents, values and files', () => {
    expect(offered('hookpool', 'install', 'cl')).toEqual(['claude-code', 'cline']);
    expect(offered('hookpool', 'run', '--dialect', 'gem')).toEqual(['gemini-cli']);
    expect(offered('hookpool', 'check', 'package.js')).toEqual(['package.json']);
  });

  test('is registered for the command', () => {
    const said = execFileSync('bash', ['-c', `${scripts['bash']}\ncomplete -p hookpool`], {
      encoding: 'utf8',
    });
    expect(said).toContain('-F _hookpool hookpool');
  });
});

test.each(['zsh', 'fish'])('%s has every command with an option of it', (shell) => {
  const script = String(scripts[shell]);
  for (const name of ['run', 'install', 'status', 'serve', 'engine-proxy'])
    expect(script).toMatch(new RegExp(`\\b${name}\\b`));
  expect(script).toMatch(shell === 'zsh' ? /check\) flags="--static/ : /from check' -l static$/m);
  expect(script.match(/'/g)?.length ?? 0).toSatisfy((count: number) => count % 2 === 0);
});

test.each([[[]], [['csh']], [['bash', 'zsh']]])('%j is refused', async (args) => {
  const { code, stderr } = await hookpoolHere(['completion', ...args]);
  expect([code, stderr]).toEqual([64, expect.stringContaining('Name one of bash, zsh and fish')]);
});
