/** TOML, JSON with comments, and hooks files of every kind that repeat one piece. */
import { nested, pieces, type Shapes } from './shapes.ts';

/** The first line of the TOML texts, a table's name. */
const head = '[hooks]\n';

export const tomlDepth: Shapes = {
  arrays: (n) => `${head}a = ${nested(n, '[', ']')}\n`,
  'arrays without an end': (n) => `${head}a = ${nested(n, '[')}`,
  'inline tables': (n) => `${head}a = ${nested(n, '{a = ', '}', '1')}\n`,
  'inline tables in arrays': (n) => `${head}a = ${nested(n, '[{a = ', '}]', '1')}\n`,
  'dotted keys': (n) => `${head}${nested(n, 'a.')}a = 1\n`,
  'dotted table names': (n) => `${head}[${nested(n, 'a.')}a]\n`,
  'dotted names of lists of tables': (n) => `${head}[[${nested(n, 'a.')}a]]\n`,
};

export const tomlWidth: Shapes = {
  keys: (n) => `${head}${pieces(n, (i) => `k${i} = 0\n`)}`,
  'dotted keys of one table': (n) => `${head}${pieces(n, (i) => `a.k${i} = 0\n`)}`,
  'equal keys': (n) => `${head}${'k = 0\n'.repeat(n)}`,
  'keys of an inline table': (n) => `${head}a = {${pieces(n, (i) => `k${i} = 0`, ', ')}}\n`,
  tables: (n) => pieces(n, (i) => `[t${i}]\na = 1\n`),
  'equal tables': (n) => '[t]\n'.repeat(n),
  'tables in one': (n) => pieces(n, (i) => `[t.t${i}]\n`),
  'lists of tables': (n) => '[[hooks.PreToolUse]]\nmatcher = "a"\n'.repeat(n),
  'lists of tables in lists': (n) => `[[a]]\n${'[[a.b]]\n'.repeat(n)}`,
  items: (n) => `${head}a = [${'0, '.repeat(n)}]\n`,
  'empty arrays': (n) => `${head}a = [${'[], '.repeat(n)}]\n`,
  comments: (n) => `${head}${'# c\n'.repeat(n)}`,
  'lines of a text': (n) => `${head}a = """\n${'x\n'.repeat(n)}"""\n`,
  escapes: (n) => `${head}a = "${'\\u0041'.repeat(n)}"\n`,
  'a text without an end': (n) => `${head}a = "${'x'.repeat(n)}`,
  'broken lines': (n) => `${head}${'= 1\n'.repeat(n)}`,
  dates: (n) => `${head}a = [${'2026-01-01, '.repeat(n)}]\n`,
  'a long key': (n) => `${head}${'k'.repeat(n)} = 1\n`,
  'blank lines': (n) => `${head}${'\n'.repeat(n)}`,
};

export const commentShapes: Shapes = {
  'line comments': (n) => `{${'// c\n'.repeat(n)}"hooks": {}}`,
  'block comments': (n) => `{${'/* c */'.repeat(n)}"hooks": {}}`,
  'comments without an end': (n) => `{${'/* '.repeat(n)}`,
  slashes: (n) => `{${'/'.repeat(n)}`,
  stars: (n) => `{/${'*'.repeat(n)}`,
  'commas before brackets': (n) => `{"hooks": [${'[1,],'.repeat(n)}]}`,
  commas: (n) => `{"hooks": [${','.repeat(n)}]}`,
  'commas and comments': (n) => `{"hooks": [1,${'/* */ '.repeat(n)}]}`,
  quotes: (n) => `{"hooks": "${'\\"'.repeat(n)}"}`,
  'quotes without an end': (n) => `{"hooks": ${'"'.repeat(n * 2 + 1)}`,
  backslashes: (n) => `{"hooks": "${'\\'.repeat(n * 2)}"}`,
  depth: (n) => `{"hooks": ${nested(n, '[', ']')}} // c`,
  'depth in comments': (n) => `{"hooks": /* ${nested(n, '[')} */ {}}`,
};

const event = (hooks: string) => `{"hooks": {"PreToolUse": [${hooks}]}}`;

/** JSON, so that the measured time is that of the hooks file reader above the text parser. */
export const hookFileShapes: Shapes = {
  hooks: (n) =>
    event(pieces(n, (i) => `{"name": "h${i}", "matcher": "Bash", "command": "exit 0"}`, ',')),
  'hooks without a name': (n) =>
    event(pieces(n, () => '{"matcher": "Bash", "command": "exit 0"}', ',')),
  'hooks of one name': (n) =>
    event(pieces(n, () => '{"name": "h", "matcher": "Bash", "command": "exit 0"}', ',')),
  'hooks that are wrong': (n) => event(pieces(n, () => '{"x": 1}', ',')),
  'hooks that are texts': (n) => event(pieces(n, () => '"x"', ',')),
  'hooks with a wrong matcher': (n) =>
    event(pieces(n, () => '{"matcher": "(", "command": "x"}', ',')),
  'hooks with a wrong condition': (n) =>
    event(pieces(n, () => '{"if": "(", "matcher": "Bash", "command": "x"}', ',')),
  groups: (n) =>
    event(
      pieces(
        n,
        () => '{"matcher": "Bash", "hooks": [{"type": "command", "command": "exit 0"}]}',
        ',',
      ),
    ),
  'empty groups': (n) => event(pieces(n, () => '{"matcher": "Bash", "hooks": []}', ',')),
  'hooks of one group': (n) =>
    event(`{"matcher": "Bash", "hooks": [${pieces(n, () => '{"command": "exit 0"}', ',')}]}`),
  'wrong hooks in lines': (n) => event(pieces(n, () => '\n{"x": 1}', ',')),
  'unknown events': (n) => `{"hooks": {${pieces(n, (i) => `"Event${i}": []`, ',')}}}`,
  'unknown keys': (n) => `{${pieces(n, (i) => `"k${i}": 0`, ',')}, "hooks": {}}`,
  'unknown keys of a hook': (n) =>
    event(`{${pieces(n, (i) => `"k${i}": 0`, ',')}, "command": "x"}`),
  'unknown keys in lines': (n) => `{${pieces(n, (i) => `\n"k${i}": 0`, ',')}, "hooks": {}}`,
  'equal keys': (n) => `{${'"k": 0,'.repeat(n)} "hooks": {}}`,
  variables: (n) =>
    event(`{"matcher": "Bash", "command": "x", "env": {${pieces(n, (i) => `"K${i}": "v"`, ',')}}}`),
  'variables of a command': (n) =>
    event(`{"hooks": [{"command": "exit 0 #${pieces(n, (i) => ` $V${i}`)}"}]}`),
  'ignored keys of a hook': (n) =>
    event(`{"hooks": [{${pieces(n, (i) => `"k${i}": 0`, ',')}, "command": "x"}]}`),
  'ignored keys of a group': (n) =>
    event(`{${pieces(n, (i) => `"k${i}": 0`, ',')}, "hooks": [{"command": "x"}]}`),
  'variables that are wrong': (n) =>
    event(`{"matcher": "Bash", "command": "x", "env": {${pieces(n, (i) => `"K${i}": 1`, ',')}}}`),
  sources: (n) =>
    `{"hooks": {"Start": [{"command": "x", "sources": [${pieces(n, (i) => `"s${i}"`, ',')}]}]}}`,
  'files of a hook': (n) =>
    event(`{"matcher": "Bash", "command": "x", "files": [${pieces(n, (i) => `"f${i}"`, ',')}]}`),
  'files given': (n) =>
    `{"files": {${pieces(n, (i) => `"f${i}": {"content": ""}`, ',')}}, "hooks": {}}`,
  agents: (n) =>
    `{"agents": {${pieces(n, (i) => `"a${i}": {"hooks": {"pre_tool_use": []}}`, ',')}}}`,
  'agents without hooks': (n) => `{"agents": {${pieces(n, (i) => `"a${i}": {}`, ',')}}}`,
  'names in a matcher': (n) =>
    event(`{"matcher": "${pieces(n, (i) => `T${i}`, '|')}", "command": "x"}`),
  'commands of a line': (n) => event(`{"matcher": "Bash", "command": "${'true; '.repeat(n)}"}`),
  'words of a command': (n) => event(`{"matcher": "Bash", "command": "echo ${'./x '.repeat(n)}"}`),
  'assignments of a command': (n) => event(`{"matcher": "Bash", "command": "${'a=b '.repeat(n)}"}`),
  'substitutions of a command': (n) =>
    event(`{"matcher": "Bash", "command": "${nested(n, '$(', ')')}"}`),
  'Azure hooks': (n) =>
    `{"kind": "ExtendedAgent", "spec": {"hooks": [${pieces(n, () => '{"x": 1}', ',')}]}}`,
};

const agentHooks = (n: number) =>
  pieces(n, (i) => `{"type": "command", "command": "exit ${i}"}`, ',');

/** Files by their dialect. */
export const agentFileShapes: Shapes = {
  'claude-code': (n) =>
    `{"permissions": {}, "hooks": {"PreToolUse": [{"matcher": "Bash", "hooks": [${agentHooks(n)}]}]}}`,
  'gemini-cli': (n) =>
    `{"hooks": {"BeforeTool": [{"sequential": true, "hooks": [${agentHooks(n)}]}]}}`,
  copilot: (n) =>
    `{"version": 1, "hooks": {"preToolUse": [${pieces(n, (i) => `{"type": "command", "bash": "exit ${i}"}`, ',')}]}}`,
  crush: (n) =>
    `{"hooks": {"PreToolUse": [${pieces(n, (i) => `{"matcher": "bash", "command": "exit ${i}"}`, ',')}]}}`,
  cursor: (n) =>
    `{"version": 1, "hooks": {"beforeShellExecution": [${pieces(n, (i) => `{"command": "exit ${i}", "failClosed": true}`, ',')}]}}`,
  windsurf: (n) =>
    `{"hooks": {"pre_run_command": [${pieces(n, (i) => `{"command": "exit ${i}", "show_output": true}`, ',')}]}}`,
  vscode: (n) =>
    `{"hooks": {"PreToolUse": [${pieces(n, (i) => `{"linux": "exit ${i}", "windows": "x"}`, ',')}]}}`,
  'amazon-q': (n) =>
    `{"hooks": {"preToolUse": [${pieces(n, (i) => `{"command": "exit ${i}", "timeout_ms": 1000}`, ',')}]}}`,
  codex: (n) =>
    pieces(
      n,
      (i) =>
        `[[hooks.PreToolUse]]\n[[hooks.PreToolUse.hooks]]\ntype = "command"\ncommand = "exit ${i}"\n`,
    ),
  'docker-agent': (n) =>
    `agents:\n  root:\n    hooks:\n      pre_tool_use:\n        - matcher: "*"\n          hooks:\n${pieces(n, (i) => `            - {type: command, command: "exit ${i}"}\n`)}`,
  openhands: (n) => `{"pre_tool_use": [{"matcher": "*", "hooks": [${agentHooks(n)}]}]}`,
};

const testCase = (more = '') =>
  `{"name": "c", "context": {}, "expect": {"decision": "none"${more}}}`;

export const testFileShapes: Shapes = {
  cases: (n) =>
    `{"cases": [${pieces(n, (i) => `{"name": "c${i}", "context": {}, "expect": {"decision": "none"}}`, ',')}]}`,
  'cases of one name': (n) => `{"cases": [${pieces(n, () => testCase(), ',')}]}`,
  'cases that are wrong': (n) => `{"cases": [${pieces(n, () => '{"x": 1}', ',')}]}`,
  'wrong cases in lines': (n) => `{"cases": [${pieces(n, () => '\n{"x": 1}', ',')}]}`,
  'unknown keys': (n) => `{${pieces(n, (i) => `"k${i}": 0`, ',')}, "cases": [${testCase()}]}`,
  diagnostics: (n) =>
    `{"cases": [${testCase(`, "diagnostics": [${pieces(n, () => '"x"', ',')}]`)}]}`,
  files: (n) => `{"hooks": [${pieces(n, (i) => `"f${i}"`, ',')}], "cases": [${testCase()}]}`,
  'letters of a pattern': (n) =>
    `{"cases": [${testCase(`, "reason": "/${'(a+)+'.repeat(n)}b/"`)}]}`,
  'members of a context': (n) =>
    `{"cases": [{"name": "c", "context": {${pieces(n, (i) => `"k${i}": 0`, ',')}}, "expect": {"decision": "none"}}]}`,
};

const token = (i: number) =>
  `token: token-${String(i).padStart(16, '0')}, tenant: t${i}, role: evaluate`;

export const tokenShapes: Shapes = {
  tokens: (n) => pieces(n, (i) => `- {${token(i)}}\n`),
  'tokens that are wrong': (n) => '- {token: x}\n'.repeat(n),
  'unknown keys': (n) => `- {${token(1)}, ${pieces(n, (i) => `k${i}: 0`, ', ')}}\n`,
};
