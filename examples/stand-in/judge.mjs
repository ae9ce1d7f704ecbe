/**
 * A judge without a model: it reads a question as hookpool asks it, and answers by the rules below
 * in the format of /v1/chat/completions. It knows the policies of these examples and rejects what
 * any other policy asks about.
 */

/** The first entry whose words stand in the policy decides. */
const rules = [
  { words: 'quality gate', decide: qualityGate },
  { words: 'last test run', decide: testsPassed },
];

const sections = [
  { title: '## Root Cause', needs: /\S{3,}/, what: 'what failed' },
  { title: '## Evidence', needs: /\d/, what: 'a metric with a number' },
  { title: '## Recommended Actions', needs: /^\s*\d+\.\s+\S/m, what: 'numbered steps' },
];

/** @param question the body of the request. @returns the body of the answer. */
export function judge({ model, messages, tools = [] }) {
  const [{ content: policy }, { content: data }] = messages;
  const rule = rules.find(({ words }) => policy.includes(words));
  const verdict = rule?.decide(blocksIn(textOf(data)), tools) ?? {
    reason: 'The stand-in judge has no rule for this policy.',
    ok: false,
  };
  const calls = 'tool' in verdict ? [callOf(verdict)] : undefined;
  const message =
    calls === undefined
      ? { role: 'assistant', content: JSON.stringify(verdict) }
      : { role: 'assistant', content: null, tool_calls: calls };
  const finish = calls === undefined ? 'stop' : 'tool_calls';
  return {
    ...{ id: 'stand-in', object: 'chat.completion', created: 0, model },
    choices: [{ index: 0, message, finish_reason: finish }],
  };
}

/** An answer has three sections with substance. */
function qualityGate({ INPUT: { final_output: answer } }) {
  const text = String(answer ?? '');
  const missing = sections.filter(({ title, needs }) => !needs.test(sectionOf(text, title)));
  if (missing.length === 0) return { reason: 'All three sections have substance.', ok: true };
  const wanted = missing.map(({ title, what }) => `"${title}" with ${what}`).join(', ');
  return { reason: `The answer needs ${wanted}. Verify the findings.`, ok: false };
}

/** The transcript is searched first; then the last line that was found decides. */
function testsPassed({ TOOL_1: found }, tools) {
  if (found === undefined) {
    if (tools.length === 0) return { reason: 'The transcript cannot be searched.', ok: false };
    return { tool: 'GrepSearch', input: { file: 'transcript', pattern: '[0-9]+ passed' } };
  }
  const last = found.result.match(/\d+ passed, \d+ failed/g)?.at(-1);
  if (last === undefined) return { reason: 'The transcript has no test run.', ok: false };
  return { reason: `The last test run is ${last}.`, ok: last.endsWith(' 0 failed') };
}

function sectionOf(text, title) {
  const [, rest = ''] = text.split(title);
  return rest.split('\n## ')[0];
}

function callOf({ tool, input }) {
  return {
    ...{ id: 'call-1', type: 'function' },
    function: { name: tool, arguments: JSON.stringify(input) },
  };
}

function textOf(content) {
  return typeof content === 'string' ? content : content.map(({ text }) => text).join('');
}

/** The data of a question by the names of its blocks. */
function blocksIn(text) {
  const blocks = text.matchAll(/<data ([0-9a-f]{32}) ([A-Z0-9_.]+)>\n(.*)\n<\/data \1>/g);
  return Object.fromEntries([...blocks].map(([, , name, json]) => [name, JSON.parse(json)]));
}
