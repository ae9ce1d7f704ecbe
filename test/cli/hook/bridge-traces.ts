/** The agent's trace in the environment of a bridge, and the headers that it has to send. */
import { answer } from './bridge-replies.ts';

const parent = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';
const state = "a@b=c ;'$HOME\\n~-,0*/_-=!";

const noParents = [
  `ff${parent.slice(2)}`,
  `${parent}-0`,
  `${parent}\n`,
  `${parent}\nX: y`,
  parent.toUpperCase(),
  parent.replace(/-.{32}-/, `-${'0'.repeat(32)}-`),
  parent.replace(/-.{16}-/, `-${'0'.repeat(16)}-`),
];
const noStates = ['', 'a', 'a=', 'A=b', 'a=b ', 'a=b=c', 'a=b,,c=d', 'a=b,', 'a=é', 'a=b\nX: y'];
const longStates = [
  `a=${'b'.repeat(257)}`,
  `a=${'b'.repeat(250)},b=${'b'.repeat(256)},c=d`,
  Array.from({ length: 33 }, (_, at) => `a${at}=b`).join(','),
];

interface Sent {
  readonly traceparent: string | undefined;
  readonly tracestate: string | undefined;
}

const nothing = { traceparent: undefined, tracestate: undefined };
const alone = { ...nothing, traceparent: parent };

/** What the shell bridge is asked too: a start of it and of curl takes 0.1 s of CPU time. */
const inShell = new Set([
  parent,
  state,
  `${parent}\nX: y`,
  noParents[5],
  'a=b\nX: y',
  longStates[1],
]);

export const traces = [
  trace('none', {}, nothing),
  trace('the trace of the agent', { TRACEPARENT: parent }, alone),
  trace(
    'its state',
    { TRACEPARENT: parent, TRACESTATE: state },
    { traceparent: parent, tracestate: state },
  ),
  trace('no state alone', { TRACESTATE: state }, nothing),
  ...noParents.map((text) => trace(`no ${JSON.stringify(text)}`, { TRACEPARENT: text }, nothing)),
  ...[...noStates, ...longStates].map((text) =>
    trace(
      `no state ${JSON.stringify(text)}`.slice(0, 40),
      { TRACEPARENT: parent, TRACESTATE: text },
      alone,
    ),
  ),
];

function trace(what: string, env: Readonly<Record<string, string>>, sends: Sent) {
  const said = { code: 0, stdout: '' };
  const isInShell = inShell.has(env['TRACESTATE'] ?? env['TRACEPARENT']);
  return { name: `sends as trace: ${what}`, env, sends, server: answer(''), said, isInShell };
}
