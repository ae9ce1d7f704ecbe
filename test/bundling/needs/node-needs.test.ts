import { expect, it } from 'vitest';
import { nodeFacts } from '../../../src/bundling/needs/node-needs.ts';

const place = {
  folder: 'hooks',
  folders: ['CLAUDE_PROJECT_DIR'],
  set: ['CLAUDE_SET'],
  agentVariables: /\b(?:CLAUDE)_[A-Z][A-Z_]{0,100}\b/g,
};
const facts = (text: string) =>
  nodeFacts(text, place).all.map(({ kind, name, line }) => `${kind} ${name} ${line}`.trim());

it.each<[string, string[]]>([
  ["import fs from 'fs';\nimport { z } from 'zod/v4';", ['package zod 2']],
  ["import { $ } from 'bun'; import 'bun:sqlite';", ['package bun 1']],
  ['const text = await Bun.stdin.text();', ['package bun 1']],
  ["say('Bun.serve'); x.Deno.y; Deno.exit(1)", ['package deno 1']],
  [
    "execSync('git status'); spawn(`jq`); cp.exec('/usr/bin/gh pr')",
    ['program git 1', 'program gh 1'],
  ],
  ["/x/.exec('git'); spawn('node', ['x']); execFile('./run.sh')", []],
  ["spawnSync('curl', [])\nfetch('https://x')", ['network curl 1', 'network fetch 2']],
  ["cache.fetch('x')", []],
  ["writeFileSync('log.txt', '')\nmkdirSync('/tmp/x')", ['write  1']],
  ['os.homedir()', ['home homedir() 1']],
  [
    "process.env.CLAUDE_TOOL_INPUT ?? process.env['CLAUDE_SET'] ?? process.env.CLAUDE_PROJECT_DIR ?? process.env.PATH",
    ['variable CLAUDE_TOOL_INPUT 1'],
  ],
])('%s', (text, expected) => {
  expect(facts(text)).toEqual(expected);
});
