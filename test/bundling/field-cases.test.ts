/** Real hook files and public reports: what goes along, and what is told before anything runs. */
import { describe, expect, it } from 'vitest';
import { inProject } from '../../src/bundling/in-project.ts';
import { defaultContents } from '../../src/protocol/profile.ts';
import { projectOf } from './samples.ts';

/** Without git and the other programs of `full`. */
const profiles = [defaultContents, { name: 'node', programs: ['node'], modules: [] }];

function read(command: string, files: Record<string, string>, dialect = 'claude-code') {
  const place = { dialect, profiles, files: projectOf(files, { folder: '/w', home: '/home/me' }) };
  const found = inProject({ runtime: 'bash', source: command }, { command }, place);
  return {
    source: found.script.source,
    taken: found.script.bundle?.files.map(({ path }) => path) ?? [],
    problems: found.problems.map(([, message]) => message),
    warnings: [...found.warnings.map(([, message]) => message), ...found.ofProject],
  };
}

const nothing = { problems: [], warnings: [] };

describe('files that a guard needs go along:', () => {
  it('modules of a package beside the hooks of a plugin', () => {
    const files = {
      '.claude-plugin/plugin.json': '{"name": "rules"}',
      'core/__init__.py': '',
      'core/engine.py': 'def judge(c):\n    return "rm -rf" in c\n',
      'hooks/pre.py':
        'import json, os, sys\nsys.path.insert(0, os.environ.get("CLAUDE_PLUGIN_ROOT"))\ntry:\n    from core.engine import judge\nexcept ImportError as e:\n    sys.exit(0)\n',
    };
    const found = read('python3 "$CLAUDE_PLUGIN_ROOT/hooks/pre.py"', files);
    const taken = ['core/__init__.py', 'core/engine.py', 'hooks/pre.py'];
    expect(found).toMatchObject({ ...nothing, taken });
  });

  it.each<[string, string, Record<string, string>]>([
    [
      'a library in a folder beside, by a variable',
      'bin/run.sh',
      {
        'bin/run.sh':
          'ROOT=$(cd "$(dirname "$0")/.." && pwd); LIB="$ROOT/lib"; . "$LIB/log.sh"; note x',
        'lib/log.sh': 'note() { :; }',
      },
    ],
    [
      'a module in a folder of sys.path',
      'python3 scripts/g.py',
      {
        'lib/words.py': '',
        'scripts/g.py':
          'import os, sys\nsys.path.insert(0, os.path.join(os.path.dirname(os.path.dirname(__file__)), "lib"))\nfrom words import bad\n',
      },
    ],
    [
      'a list in a folder of the parent',
      'python3 hooks/g.py',
      {
        'config/deny.txt': '',
        'hooks/g.py':
          'from pathlib import Path\nopen(Path(__file__).parent.parent / "config" / "deny.txt")\n',
      },
    ],
    [
      'a script that the argument of a polyglot names',
      'hooks/run-hook.sh session-start a=b',
      {
        'hooks/run-hook.sh': ': << \'CMD\'\n@echo off\nCMD\nexec bash "$(dirname "$0")/$1"',
        'hooks/session-start': '#!/bin/bash\nexit 0',
      },
    ],
    [
      'a file of the project that the script reads',
      'hooks/g.sh',
      { 'config/list.txt': '', 'hooks/g.sh': 'grep -qf "$CLAUDE_PROJECT_DIR/config/list.txt"' },
    ],
  ])('%s', (_, command, files) => {
    expect(read(command, files)).toMatchObject({ ...nothing, taken: Object.keys(files).sort() });
  });
});

describe('a script that can never object is told before it runs:', () => {
  it.each<[string, string, string]>([
    [
      'git, looked for first',
      '#!/bin/bash\ncommand -v git >/dev/null || exit 0\n',
      "x:2: git is not in the sandbox's image.",
    ],
    [
      'git, with its errors away',
      '#!/bin/bash\nb=$(git rev-parse HEAD 2>/dev/null)\n',
      "x:2: git is not in the sandbox's image.",
    ],
    [
      'a module',
      '#!/usr/bin/env python3\nimport json\nimport yaml\n',
      "x:3: the python module yaml is neither in the sandbox's image nor among the files: put it beside the script.",
    ],
    [
      'a library',
      '#!/bin/bash\nsource "$(dirname "$0")/lib.sh"\ncheck_it\n',
      'x:2: lib.sh does not go along: name what is needed in files.',
    ],
    [
      'a library of an unknown place',
      '#!/bin/bash\n. "$SOME/lib.sh"\n',
      'x:2: $SOME/lib.sh does not go along: name what is needed in files.',
    ],
    [
      'a log in the project',
      '#!/bin/bash\nset -e\nLOG="$CLAUDE_PROJECT_DIR/.claude/log"\necho x >> "$LOG"\n',
      "x:4: writes to .claude/log: only /tmp and the run's own copy of the project can be written, and nothing there outlives the run.",
    ],
    [
      'the edited file',
      '#!/bin/bash\nf=$(jq -r .tool_input.file_path)\n[ -f "$f" ] || exit 0\n',
      "x:3: opens what file_path names: it is on the agent's machine and not in a sandbox.",
    ],
    [
      'a counter',
      '#!/bin/bash\nf=/tmp/n; n=$(cat "$f")\necho 1 > "$f"\n',
      'x:2: reads /tmp/n of an earlier run: nothing in /tmp outlives the run without "state: session" on the hook.',
    ],
  ])('%s', (_, text, warning) => {
    const found = read('bash x', { x: text });
    expect(found).toMatchObject({ problems: [], warnings: [warning], taken: ['x'] });
  });

  it('a script names many lacks, and ten are told', () => {
    const files = Object.fromEntries(
      Array.from({ length: 12 }, (_, i) => [`s${i}.sh`, `gh x; . "$D/s${i + 1}.sh"`]),
    );
    const { warnings } = read('bash s0.sh', files);
    // The last one is of the project's files, which are told apart.
    expect(warnings.length).toBe(12);
    expect(warnings.at(-2)).toMatch(/^and \d+ more of this kind\.$/);
  });

  it('a text of more than 131072 characters is looked at in part', () => {
    const { warnings } = read('bash x.sh', { 'x.sh': `true${' '.repeat(140_000)}` });
    expect(warnings).toEqual([
      'x.sh:1: is longer than 131072 characters: the rest is not looked at.',
    ]);
  });

  it('scripts that only a page mentions are not looked at', () => {
    const files = { 'x.sh': 'cat "$D/page.md"', 'page.md': 'see y.sh', 'y.sh': 'git x' };
    expect(read('bash x.sh', files).warnings).toEqual([]);
  });

  it('a file without an ending and a first line is no script', () => {
    const perl = '#!/usr/bin/perl\ngit';
    expect(read('cat ./data ./perl', { data: 'git', perl })).toMatchObject(nothing);
    expect(read('cat ./x.sh', { 'x.sh': '\xFF git' })).toMatchObject({
      ...nothing,
      taken: ['x.sh'],
    });
  });
});

describe('the folder of the project has many names:', () => {
  it.each([
    [`bash "$\{CLAUDE_PROJECT_DIR:-.}/x.sh"`, 'claude-code'],
    [`bash "$\{CLAUDE_PROJECT_DIR-.}/x.sh"`, 'claude-code'],
    [`bash "$\{CLAUDE_PROJECT_DIR:?}/x.sh"`, 'claude-code'],
    [`bash "$\{CLAUDE_PLUGIN_ROOT:-$\{extensionPath:-.}}/x.sh"`, 'gemini-cli'],
    ['$PLUGIN_ROOT/x.sh', 'codex'],
    ['bash "$COPILOT_PROJECT_DIR/x.sh"', 'copilot'],
    ['bash "$(git rev-parse --show-toplevel)/x.sh"', 'codex'],
    ['cd "$(git rev-parse --show-toplevel 2>/dev/null || pwd)" && bash x.sh', 'codex'],
  ])('%s of %s', (command, dialect) => {
    expect(read(command, { 'x.sh': 'exit 0' }, dialect)).toMatchObject({
      ...nothing,
      taken: ['x.sh'],
    });
  });

  it('it is set where the text of a command reads it in another way', () => {
    const command = 'python3 -c "import os; os.environ[\'CLAUDE_PROJECT_DIR\']"';
    expect(read(command, {}).source).toMatch(/^cd .*\/project.*CLAUDE_PROJECT_DIR=\S*\/project/);
  });
});

describe('uv run', () => {
  const plain =
    '#!/usr/bin/env -S uv run --script\n# /// script\n# dependencies = []\n# ///\nprint(1)\n';

  it.each([
    'uv run x.py',
    './x.py',
    'uv run --script "$CLAUDE_PROJECT_DIR/x.py" | cat',
    './x.py | cat',
  ])('%s runs python3', (command) => {
    expect(read(command, { 'x.py': plain })).toMatchObject({ ...nothing, taken: ['x.py'] });
  });

  it.each(['uv run x.py', './x.py'])('%s needs its packages', (command) => {
    const found = read(command, { 'x.py': plain.replace('[]', '["rich"]') });
    const [problem] = found.problems;
    expect(problem).toMatch(/x.py needs the python package rich, which/);
  });

  it('without a script file is a missing program', () => {
    expect(read('uv run pytest', {}).problems).toEqual(["uv is not in the sandbox's image."]);
  });
});
