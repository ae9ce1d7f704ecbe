/** `hookpool install` and files that others change too: what it keeps, and how it writes. */
import { chmodSync, mkdirSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { MadeUpHome, treeOf } from '../../support/made-up-home.ts';

let home: MadeUpHome;
beforeEach(() => {
  home = new MadeUpHome();
});
afterEach(() => home.remove());

const settings = '.claude/settings.json';
const install = (...more: readonly string[]) => home.call('install', 'claude-code', ...more);

describe('what others have changed since', () => {
  test('stays when the line is taken out', async () => {
    home.write(settings, '{\n  "model": "x"\n}\n');
    await install();
    home.write(settings, home.read(settings).replace('"x"', '"y"'));
    expect((await install()).stdout).toContain('already');
    await install('--remove');
    expect(home.read(settings)).toBe('{\n  "model": "y"\n}\n');
  });

  test('stays when another line replaces the first, which comes out afterwards', async () => {
    await install('--hookset', 'one');
    home.write(settings, home.read(settings).replace('{', '{\n  "model": "y",'));
    await install('--hookset', 'two');
    expect(home.read(settings)).not.toContain('one');
    expect(home.read(settings).match(/two/g)).toHaveLength(2);
    await install('--remove');
    expect(JSON.parse(home.read(settings))).toEqual({ model: 'y' });
  });

  test('stays where a formatter has run over the line', async () => {
    home.write(settings, '{"hooks": {"Stop": []}, "z": 1}');
    await install();
    home.write(settings, JSON.stringify(JSON.parse(home.read(settings)), null, 4));
    await install('--remove');
    expect(JSON.parse(home.read(settings))).toEqual({ hooks: { Stop: [] }, z: 1 });
  });

  test('stays where the line came from another machine', async () => {
    const line = {
      type: 'command',
      command: '/opt/node /opt/hookpool/dist/cli/main.js hook --dialect claude-code --hookset x',
    };
    const other = { type: 'command', command: 'echo hi' };
    home.write(
      settings,
      JSON.stringify({
        hooks: { Stop: [{ hooks: [other, line] }], SessionEnd: [{ hooks: [line] }] },
      }),
    );
    await install('--remove');
    expect(JSON.parse(home.read(settings))).toEqual({ hooks: { Stop: [{ hooks: [other] }] } });
  });

  test('is left to its author in YAML', async () => {
    const text =
      'agents:\n  a:\n    hooks:\n      stop:\n        - command: hookpool hook --dialect agentpool --hookset x\n';
    home.write('a.yaml', text);
    const { code, stderr } = await home.call(
      'install',
      'agentpool',
      '--remove',
      '--file',
      'a.yaml',
    );
    expect([code, stderr]).toEqual([64, expect.stringContaining('stands in line 5')]);
    expect(home.read('a.yaml')).toBe(text);
  });

  test('is not undone by an old copy', async () => {
    home.write(settings, '{"model": "x"}');
    await install();
    home.write(settings, '{"model": "new"}');
    expect((await install('--remove')).stdout).toContain('not in it');
    await install();
    await install('--remove');
    expect(home.read(settings)).toBe('{"model": "new"}');
  });
});

describe('a write', () => {
  test('keeps the mode, and a link inside of the project', async () => {
    const file = home.write('shared.json', '{}', 0o640);
    chmodSync(file, 0o640);
    mkdirSync(path.join(home.project, '.claude'));
    symlinkSync('../shared.json', path.join(home.project, settings));
    await install();
    expect(statSync(file).mode & 0o777).toBe(0o640);
    expect(home.read('shared.json')).toContain('--hookset guard');
    await install('--remove');
    expect(home.read('shared.json')).toBe('{}');
  });

  test.each([
    ['a file', (to: string) => symlinkSync(to, path.join(home.project, 'crush.json'))],
    ['no file', (to: string) => symlinkSync(`${to}.none`, path.join(home.project, 'crush.json'))],
  ])('follows no link out of the project to %s', async (_, link) => {
    const outside = path.join(home.home, 'x.json');
    writeFileSync(outside, '{}');
    link(outside);
    const { code, stderr } = await home.call('install', 'crush');
    expect([code, stderr]).toEqual([
      64,
      expect.stringMatching(/is a link that leads (out of|nowhere)/),
    ]);
    expect(treeOf(home.home)).toEqual({ 'x.json': '{}' });
  });

  test('goes into no folder that a link puts elsewhere', async () => {
    symlinkSync(home.home, path.join(home.project, '.claude'));
    expect((await install()).code).toBe(64);
    expect(treeOf(home.home)).toEqual({});
  });

  test('is a difference only with --dry-run', async () => {
    home.write(settings, '{\n  "model": "x"\n}');
    const tree = home.tree();
    const { stdout } = await install('--dry-run', '--event', 'Stop');
    expect(stdout).toMatch(
      /^--- \.claude\/settings\.json\n\+\+\+ \.claude\/settings\.json\n@@ -1,3 \+1,17 @@\n \{\n-\s+"model": "x"\n\+\s+"model": "x",\n\+/,
    );
    expect(stdout).toMatch(/ \}\n\\ No newline at end of file\n$/);
    expect([home.tree(), treeOf(home.home)]).toEqual([tree, {}]);
  });
});
