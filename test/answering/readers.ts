/**
 * How each agent reads what a command hook printed: written from its own sources and documents,
 * with nothing in common with the tables under test. What an agent takes for a broken hook lets the
 * action go on in most of them, so it is `open`, and no answer may ever be that.
 */
import type { Answer } from '../../src/answering/answer-for.ts';
import { isBlank, isObject, type Json, ofWord, type Read, stdoutOf } from './printed.ts';

export type Reader = (event: string, answer: Answer) => Read;

/** Exit code first; only on 0 the JSON. */
function exitCodeFirst(json: (root: Json) => Read): Reader {
  return (_, answer) => {
    if (answer.exitCode === 2) return 'block';
    const root = stdoutOf(answer);
    if (answer.exitCode !== 0 || root === 'text') return 'open';
    return root === 'blank' ? 'silent' : json(root);
  };
}

const azure = exitCodeFirst((root) =>
  root.decision === 'block' || root.ok === false
    ? 'block'
    : ofWord(root.hookSpecificOutput?.permissionDecision, 'none of them'),
);

const docker: Reader = (event, answer) => {
  if (answer.exitCode === 2) return 'block';
  const root = stdoutOf(answer);
  if (answer.exitCode !== 0 || root === 'text') return 'open';
  if (root === 'blank') return 'silent';
  const known = [
    'continue',
    'stop_reason',
    'system_message',
    'decision',
    'reason',
    'hook_specific_output',
  ];
  if (Object.keys(root).some((key) => !known.includes(key))) return 'open';
  if (root.decision !== undefined && root.decision !== 'block') return 'open';
  const inner = root.hook_specific_output;
  if (inner !== undefined && inner.hook_event_name !== event) return 'open';
  if (root.decision === 'block' || root.continue === false) return 'block';
  return ofWord(inner?.permission_decision, 'deny');
};

const agentpool = exitCodeFirst((root) =>
  ['deny', 'block'].includes(root.decision) || root.continue === false
    ? 'block'
    : ofWord(root.decision, 'deny'),
);

const claude: Reader = (event, answer) => {
  const root = answer.stdout.trimStart().startsWith('{') ? stdoutOf(answer) : 'blank';
  const inner = isObject(root) ? root.hookSpecificOutput : undefined;
  const named =
    inner === undefined || (inner.hookEventName === event && !Object.values(inner).includes(null));
  const valid =
    root !== 'text' &&
    named &&
    (!isObject(root) || root.decision === undefined || root.decision === 'block');
  if (answer.exitCode === 2) return event === 'PermissionRequest' ? 'open' : 'block';
  if (!valid || (answer.exitCode !== 0 && !isObject(root))) return 'open';
  if (!isObject(root)) return 'silent';
  if (root.decision === 'block' || inner?.decision?.behavior === 'deny') return 'block';
  return ofWord(inner?.permissionDecision, 'deny');
};

/** JSON on exit code 0 only, stderr on 2 only. */
const claudeOlder: Reader = (event, answer) =>
  claude(event, answer.exitCode === 0 ? { ...answer, stderr: '' } : { ...answer, stdout: '' });

const codex: Reader = (event, answer) => {
  if (answer.exitCode === 2) return isBlank(answer.stderr) ? 'open' : 'block';
  if (answer.exitCode !== 0) return 'open';
  const root = stdoutOf(answer);
  if (root === 'blank') return 'silent';
  if (root === 'text' || hasLoneSurrogate(root)) return 'open';
  const known = [
    'continue',
    'stopReason',
    'systemMessage',
    'decision',
    'reason',
    'hookSpecificOutput',
  ];
  const inner = root.hookSpecificOutput;
  const innerKnown = [
    'hookEventName',
    'permissionDecision',
    'permissionDecisionReason',
    'updatedInput',
    'additionalContext',
    'decision',
  ];
  if (Object.keys(root).some((key) => !known.includes(key) || root[key] === null)) return 'open';
  if (
    inner !== undefined &&
    (inner.hookEventName !== event || Object.keys(inner).some((key) => !innerKnown.includes(key)))
  )
    return 'open';
  const sides = ['SessionStart', 'PostToolUse', 'UserPromptSubmit', 'Stop', 'SubagentStop'];
  if (root.continue === false && !sides.includes(event)) return 'open';
  if (
    inner?.permissionDecision === 'ask' ||
    (inner?.permissionDecision === 'allow' && inner.updatedInput === undefined)
  )
    return 'open';
  if (
    inner?.updatedInput !== undefined &&
    (inner.permissionDecision !== 'allow' || root.decision !== undefined)
  )
    return 'open';
  if (root.decision !== undefined) {
    if (root.decision !== 'block' || isBlank(root.reason) || root.continue === false) return 'open';
    return 'block';
  }
  return inner?.decision?.behavior === 'deny' ? 'block' : 'silent';
};

function hasLoneSurrogate(value: unknown): boolean {
  if (typeof value === 'string') return /\p{Surrogate}/u.test(value);
  return isObject(value) && Object.values(value).some(hasLoneSurrogate);
}

const gemini: Reader = (_, answer) => {
  const text = (answer.stdout.trim() === '' ? answer.stderr : answer.stdout).trim();
  if (text === '') return answer.exitCode === 0 ? 'silent' : 'open';
  let value: Json;
  try {
    value = JSON.parse(text);
    if (typeof value === 'string') value = JSON.parse(value);
  } catch {
    return answer.exitCode === 0 || answer.exitCode === 1 ? 'silent' : 'block';
  }
  if (!isObject(value)) return 'open';
  if (['block', 'deny'].includes(value.decision)) return 'block';
  return value.decision === 'ask' ? 'ask' : 'silent';
};

/** Gemini CLI's reader, in which exit code 2 is a block unless stderr is JSON. */
const qwen: Reader = (event, answer) => {
  const text = (
    answer.exitCode === 2 || answer.stdout.trim() === '' ? answer.stderr : answer.stdout
  ).trim();
  if (text === '') return answer.exitCode === 0 ? 'silent' : 'open';
  let value: Json;
  try {
    value = JSON.parse(text);
    if (typeof value === 'string') value = JSON.parse(value);
  } catch {
    // A text without JSON is an allow, which may skip the agent's own question.
    return answer.exitCode === 2 ? 'block' : 'open';
  }
  if (!isObject(value)) return 'open';
  const inner = value.hookSpecificOutput;
  if (event === 'PermissionRequest') return ofWord(inner?.decision?.behavior, 'deny');
  const isBlock = ['block', 'deny'].includes(value.decision);
  const isEnd = event === 'Stop' || event === 'SubagentStop';
  if (isBlock || (isEnd && value.continue === false)) return 'block';
  return ofWord(inner?.permissionDecision, 'deny');
};

const openhands: Reader = (_, answer) => {
  const root = stdoutOf(answer);
  if (isObject(root) && root.decision !== undefined && typeof root.decision !== 'string')
    return 'open';
  if (answer.exitCode === 2) return 'block';
  if (isObject(root) && (root.decision?.toLowerCase() === 'deny' || root.continue === false))
    return 'block';
  return answer.exitCode === 0 ? 'silent' : 'open';
};

const copilot: Reader = (event, answer) => {
  if (event === 'preToolUse' && answer.exitCode !== 0) return 'block';
  if (event === 'permissionRequest' && answer.exitCode === 2) return 'block';
  // Stderr is never shown, so that a text there is lost.
  const root = stdoutOf(answer);
  if (!isObject(root)) return answer.exitCode === 0 && root === 'blank' ? 'silent' : 'open';
  if (event === 'preToolUse') return ofWord(root.permissionDecision, 'deny');
  if (event === 'permissionRequest') return ofWord(root.behavior, 'deny');
  return root.decision === 'block' ? 'block' : 'silent';
};

const crush = exitCodeFirst((root) =>
  root.decision === 'deny' || root.halt === true ? 'block' : 'silent',
);

const cline: Reader = (_, answer) => {
  const root = stdoutOf(answer);
  if (isObject(root)) return root.cancel === true ? 'block' : 'silent';
  return answer.exitCode === 0 ? 'silent' : 'open';
};

const cursor: Reader = (event, answer) => {
  const root = stdoutOf(answer);
  const json = isObject(root) ? root : {};
  if (event === 'stop' || event === 'subagentStop')
    return typeof json.followup_message === 'string' ? 'block' : 'silent';
  if (answer.exitCode === 2) return 'block';
  if (answer.exitCode !== 0 || root === 'text') return 'open';
  if (event === 'beforeSubmitPrompt') return json.continue === false ? 'block' : 'silent';
  return ofWord(json.permission, 'deny');
};

const exitCodeOnly: Reader = (_, { exitCode }) =>
  exitCode === 2 ? 'block' : exitCode === 0 ? 'silent' : 'open';

const vscode: Reader = (event, answer) => {
  if (answer.exitCode === 2) return 'block';
  if (answer.exitCode !== 0) return 'open';
  const root = stdoutOf(answer);
  if (root === 'blank') return 'silent';
  if (root === 'text') return 'open';
  const inner = root.hookSpecificOutput;
  if (inner !== undefined && inner.hookEventName !== event) return 'open';
  if (root.continue === false) return 'block';
  if (event === 'PreToolUse') return ofWord(inner?.permissionDecision, 'deny');
  return root.decision === 'block' || inner?.decision === 'block' ? 'block' : 'silent';
};

/** Reads JSON and the exit code, and takes the two for one another's proof: both have to say it. */
const generic: Reader = (event, answer) => {
  const json = claude(event, { ...answer, exitCode: 0 });
  const both = answer.exitCode === 2 && answer.stderr.trim() !== '' && json === 'block';
  return both ? 'block' : answer.exitCode === 2 ? 'open' : json;
};

export const readers: Readonly<Record<string, Reader>> = {
  azure,
  'docker-agent': docker,
  'docker-agent-gen2': docker,
  'docker-agent-strict': docker,
  agentpool,
  'claude-code': claude,
  'claude-code-2025': claudeOlder,
  codex,
  'gemini-cli': gemini,
  'qwen-code': qwen,
  openhands,
  copilot,
  crush,
  cline,
  cursor,
  'amazon-q': exitCodeOnly,
  windsurf: exitCodeOnly,
  vscode,
  generic,
};
