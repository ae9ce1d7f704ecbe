/** The grammars of the readers' inputs. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import {
  agentFileShapes,
  commentShapes,
  hookFileShapes,
  testFileShapes,
  tokenShapes,
  tomlDepth,
  tomlWidth,
} from '../hostile/files.ts';
import { messageShapes, scriptShapes } from '../hostile/messages.ts';
import type { Shapes } from '../hostile/shapes.ts';
import { contextPlaces, jsonShapes, outputShapes, shellShapes } from '../hostile/values.ts';
import { yamlDepth, yamlWidth } from '../hostile/yaml.ts';
import type { Grammar } from './texts.ts';

const root = path.join(import.meta.dirname, '../../..');

/** The files of a folder and its subfolders with one of these suffixes. */
function files(folder: string, ...ends: readonly string[]): string[] {
  return readdirSync(path.join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && ends.some((end) => entry.name.endsWith(end)))
    .map((entry) => path.join(entry.parentPath, entry.name))
    .sort()
    .map((file) => readFileSync(file, 'utf8'));
}

/** Splits at `¦`, which occurs in no grammar. */
const split = (pieces: string) => pieces.split('¦');

const yamlFiles = files('examples', 'hooks.yaml').concat(
  files('test/fixtures/agent-files', '.yaml'),
);
const jsonFiles = files('test/fixtures/agent-files', '.json');
const events = files('examples', '.json');

export const yaml: Grammar = {
  pieces: split(
    '[¦]¦{¦}¦a: ¦k#: ¦- ¦? ¦: ¦\n¦\n  ¦ ¦, ¦&a# ¦*a# ¦!t ¦!!set ¦# c\n¦"¦\'¦|\n¦>-\n' +
      '¦---\n¦...\n¦%YAML 1.2\n¦<<: ¦~¦0x1¦\t¦@¦`¦x',
  ),
  shapes: { ...yamlDepth, ...yamlWidth },
  samples: yamlFiles,
};

const json: Grammar = {
  pieces: split(
    '[¦]¦{¦}¦"k#":¦"k":¦"¦,¦:¦0¦1e999¦-¦null¦true¦"x"¦"\\u0041"¦"\\ud800"¦\\¦ ¦\n' +
      '¦"__proto__":',
  ),
  shapes: jsonShapes,
  samples: events,
};

export const comments: Grammar = {
  pieces: [...json.pieces, ...split('//¦// c\n¦/*¦*/¦/**/¦",¦,]¦,}')],
  shapes: commentShapes,
  samples: jsonFiles,
};

export const toml: Grammar = {
  pieces: split(
    '[hooks]\n¦[[hooks.a]]\n¦[t#]\n¦[t.¦]¦[¦{¦}¦a = ¦k# = ¦"a".¦a.¦= ¦"¦"""¦\'\'\'¦\'¦\n' +
      '¦,¦1¦0x¦2026-01-01¦# c\n¦true¦\\u0041¦ ',
  ),
  shapes: { ...tomlDepth, ...tomlWidth },
  samples: files('test/fixtures/agent-files', '.toml'),
};

export const agentFiles: Grammar = {
  pieces: [
    ...comments.pieces,
    ...split(
      '"hooks":¦"PreToolUse":[¦"matcher":¦"command":"x"¦{"type":"command"¦"if":¦"env":{' +
        '¦"files":[¦"agents":{¦"timeout":¦"sequential":true',
    ),
  ],
  shapes: { ...hookFileShapes, ...agentFileShapes },
  samples: [...jsonFiles, ...yamlFiles],
};

export const testFiles: Grammar = {
  pieces: [
    ...yaml.pieces,
    ...split(
      'cases:\n¦  - name: c#\n¦    expect:\n¦      decision: none\n' +
        '¦      reason: /(a+)+b/\n¦    context: {}\n¦hooks: x\n',
    ),
  ],
  shapes: testFileShapes,
  samples: files('examples', 'hooktest.yaml'),
};

export const tokenLists: Grammar = {
  pieces: [
    ...yaml.pieces,
    ...split('- token: abcdefghijklmnop\n¦  tenant: t#\n¦  role: admin\n¦  tokenSha256: '),
  ],
  shapes: { ...tokenShapes, ...yamlWidth },
  samples: [
    '- {token: token-0123456789ab, tenant: a, role: admin}\n- {token: token-0123456789ac, tenant: b, role: evaluate}\n',
  ],
};

export const bodies: Grammar = {
  pieces: [
    ...json.pieces,
    ...split(
      '"context":¦"hooks":{¦"document":"¦"files":{¦"active":[¦"Stop":[{"command":"x"}]' +
        '¦"matcher":"(a+)+b"¦"deadlineMs":1¦"transcript":"¦"evaluationId":"x"',
    ),
  ],
  shapes: {
    ...jsonShapes,
    ...asDocuments({
      ...hookFileShapes,
      ...yamlDepth,
      ...yamlWidth,
      ...tomlDepth,
      ...tomlWidth,
      ...commentShapes,
    }),
  },
  samples: events.map(
    (context) => `{"context":${context},"hooks":{"Stop":[{"command":"exit 0"}]}}`,
  ),
};

export const contexts: Grammar = {
  pieces: [
    ...json.pieces,
    ...split(
      '"tool_name":¦"tool_input":¦"command":¦"execution_summary":' +
        '¦"hook_event_name":"PreToolUse"',
    ),
  ],
  shapes: Object.fromEntries(
    Object.entries(contextPlaces).flatMap(([place, put]) =>
      Object.entries(jsonShapes).map(
        ([name, make]) => [`${name} ${place}`, (n: number) => put(make(n))] as const,
      ),
    ),
  ),
  samples: events,
};

export const outputs: Grammar = {
  pieces: [
    ...json.pieces,
    ...split(
      '{}\n¦"decision":"block"¦"decision":"allow"¦"reason":"x"¦"continue":false' +
        '¦"hookSpecificOutput":{¦"permissionDecision":"deny"¦"updatedInput":{¦"tool_input":{' +
        '¦{"type":"progress"}\n¦HOOK_CONTROL\t¦noise ¦\r\n',
    ),
  ],
  shapes: outputShapes,
  samples: [
    '{"decision":"block","reason":"no"}',
    '{"hookSpecificOutput":{"hookEventName":"PreToolUse","permissionDecision":"deny"}}',
    'HOOK_CONTROL\t{"cancel":true}\n',
  ],
};

export const shell: Grammar = {
  pieces: split(
    '$(¦)¦`¦"¦\'¦\\¦; ¦ | ¦ && ¦\n¦ ¦a=b ¦if ¦then ¦x¦$x¦\x24{¦}¦<(¦<<E\n¦E\n¦>f ¦2>&1 ' +
      '¦# c\n¦(¦! ¦case ¦git push ¦./x.sh¦$((¦\\\n¦$\'¦{a,¦* ¦&>f ¦python3 -m b ¦cd ¦"$CLAUDE_PROJECT_DIR"/',
  ),
  shapes: shellShapes,
  samples: [
    'git push --force origin main',
    'cd x && FOO="a b" ./run.sh "$(cat y)" | tee z',
    "bash -c 'echo $HOME' <<EOF\nx\nEOF\n",
  ],
};

export const scripts: Grammar = {
  pieces: split(
    '#!/bin/bash\n¦#!/usr/bin/env python3¦#!¦ ¦\n¦\r\n¦\r¦\uFEFF¦\0¦\ud800¦ -e¦exit 2\n¦/usr/bin/',
  ),
  shapes: scriptShapes,
  samples: files('examples', '.sh', '.py'),
};

export const messages: Grammar = {
  pieces: [
    ...json.pieces,
    ...split(
      '"v":1¦"status":"exited"¦"exitCode":0¦"stdoutBase64":"eA=="¦"files":[¦"decision":"block"¦"diagnostics":[¦"facts":{¦"run":{',
    ),
  ],
  shapes: messageShapes,
  samples: Object.values(messageShapes).map((make) => make(1)),
};

export const expressions: Grammar = {
  pieces: split(
    '(¦)¦(?:¦(?=¦(?!¦(?<x>¦\\k<x>¦\\1¦[¦]¦[a-z]¦\\p{L}¦\\w¦\\d¦.¦*¦+¦?¦+?¦{1,50}¦{2,}¦{#}' +
      '¦|¦^¦$¦a¦ab¦(a+)+¦(a|aa)+¦.*¦\\b¦(?i)¦/¦mcp__¦\\u{61}¦*',
  ),
  shapes: {
    letters: (n) => 'a'.repeat(n),
    groups: (n) => '(a'.repeat(n) + ')*'.repeat(n),
    stars: (n) => '*a'.repeat(n),
    classes: (n) => '[a-z]+'.repeat(n),
  },
  samples: ['Bash|Write|Edit', 'mcp__.*__(write|delete).*', '^(?!Read).*$', '(a+)+b', '(?i)bash'],
};

export const globs: Grammar = {
  pieces: split(
    '*¦**¦**/¦*/¦?¦[a-z]¦[!a]¦{a,b}¦{1..9}¦{¦}¦,¦+(¦!(¦@(¦?(¦)¦|¦/¦a¦src¦.ts¦\\¦./¦..¦:*' + '¦ *¦!',
  ),
  shapes: {
    letters: (n) => 'a'.repeat(n),
    stars: (n) => '*a'.repeat(n),
    folders: (n) => '**/'.repeat(n),
    braces: (n) => '{a,b}'.repeat(n),
  },
  samples: ['src/**/*.ts', '**/*a*b*', '*.{js,ts}', 'git push *', '!(*.md)'],
};

/** The subjects of patterns: long names of few letters, with many possible matches. */
export const subjects: Grammar = {
  pieces: split('a¦aa¦ab¦a/¦mcp__¦ ¦/¦../¦b'),
  shapes: { letters: (n) => 'a'.repeat(n), folders: (n) => 'a/'.repeat(n) },
  samples: ['Bash', 'src/index.ts', 'mcp__server__write_file'],
};

function asDocuments(shapes: Shapes): Shapes {
  return Object.fromEntries(
    Object.entries(shapes).map(([name, make]) => [
      `a document: ${name}`,
      (n: number) =>
        JSON.stringify({
          context: { hook_event_name: 'Stop' },
          document: make(n),
          deadlineMs: 1_000,
        }),
    ]),
  );
}
