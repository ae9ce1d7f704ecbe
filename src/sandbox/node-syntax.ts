/**
 * The syntax check of node scripts. A script without a telling name is good if it parses as a
 * CommonJS module or as an ES module, as node itself decides.
 */

/** Only a new node parses an ES module without running it. */
const checker = `const { spawnSync } = require('node:child_process');
const { readFileSync } = require('node:fs');
const { stripTypeScriptTypes } = require('node:module');
const { compileFunction } = require('node:vm');
process.removeAllListeners('warning');
let text = readFileSync(0, 'utf8');
const lineOf = (trace) => Number(/:(\\d+)$/.exec(String(trace).split('\\n', 1)[0])?.[1] ?? 1);
function asCommonJs() {
  try {
    compileFunction(text, ['exports', 'require', 'module', '__filename', '__dirname']);
  } catch (error) {
    return \`line \${lineOf(error.stack)}: \${error.message}\`;
  }
}
function asModule() {
  const options = ['--no-warnings', '--input-type=module', '--check', '-'];
  const { status, stderr } = spawnSync(process.execPath, options, { input: text, encoding: 'utf8' });
  if (status !== 0) return \`line \${lineOf(stderr)}: \${/SyntaxError: (.*)/.exec(stderr)?.[1] ?? stderr}\`;
}
function problem() {
  if (types) {
    try {
      text = stripTypeScriptTypes(text);
    } catch (error) {
      return error.message.split('\\n', 1)[0];
    }
  }
  const common = kind === 'module' ? 'an ES module' : asCommonJs();
  if (common === undefined || kind === 'commonjs') return common;
  const module = asModule();
  return module === undefined || /^\\s*(?:import|export)\\b/m.test(text) || kind === 'module' ? module : common;
}
const found = problem();
if (found !== undefined) {
  process.stderr.write(\`\${found}\\n\`);
  process.exitCode = 2;
}
`;

/** @param name of the file whose text the check reads from its stdin. */
export function nodeChecker(name: string): string {
  const [, kind = '', types = ''] = /\.([cm]?)(js|ts|jsx|tsx)$/.exec(name) ?? [];
  const kinds: Readonly<Record<string, string>> = { c: 'commonjs', m: 'module' };
  const known = JSON.stringify(kinds[kind] ?? '');
  return `const kind = ${known};\nconst types = ${types.startsWith('t')};\n${checker}`;
}
