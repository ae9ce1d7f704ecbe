/** What every bridge has to do with a server: the rows that bridges.test.ts runs. */
import { answer, inChunks, ok, type Reply, written } from './bridge-replies.ts';

export interface BridgeCase {
  readonly name: string;
  /** How the server answers; a text is the address of a server that is not there. */
  readonly server: Reply | string;
  /** Options of `hookpool hook`. */
  readonly more?: Readonly<Record<string, string>>;
  readonly context?: string;
  readonly env?: NodeJS.ProcessEnv;
  /** Texts: the answer. A pattern: the tool is blocked, for a reason that it matches. */
  readonly said:
    | RegExp
    | { readonly code: number; readonly stdout: string; readonly stderr?: string };
  /** Why the shell bridge is not asked. */
  readonly notInShell?: string;
}

const said = { code: 2, stdout: 'said', stderr: 'logged' };

export const answered: readonly BridgeCase[] = [
  { name: 'gives both streams on', server: answer('said', 'logged', 2), said },
  { name: 'gives on nothing', server: answer(''), said: { code: 0, stdout: '' } },
  {
    name: 'gives on every character',
    server: answer('a\n%s\\n\t"é\u4e16\u{1f600}\u2028\n', '\u00e9 "q"\n'),
    said: { code: 0, stdout: 'a\n%s\\n\t"é\u4e16\u{1f600}\u2028\n', stderr: '\u00e9 "q"\n' },
  },
  {
    name: 'gives on 3 MiB',
    server: answer('x'.repeat(3 << 20)),
    said: { code: 0, stdout: 'x'.repeat(3 << 20) },
  },
  {
    name: 'sends its options',
    server: answer(''),
    more: { event: "a b'".replace("'", '\u00e9'), deadline: '2' },
    said: { code: 0, stdout: '' },
    notInShell: 'it encodes no event',
  },
  {
    name: 'sends the options that only a program has',
    server: answer(''),
    more: { tenant: 't!~*()', thread: '19:x', cwd: '/a/./b/../c/', 'transcript-bytes': '0' },
    said: { code: 0, stdout: '' },
    notInShell: 'it has no tenant, thread and cwd',
  },
  {
    name: 'sends the token of the environment',
    server: answer(''),
    env: { HOOKPOOL_TOKEN: 'secret', OTHER: 'unsent' },
    said: { code: 0, stdout: '' },
  },
  {
    name: 'sends an event',
    server: answer(''),
    more: { event: 'Stop' },
    said: { code: 0, stdout: '' },
  },
  {
    name: 'reads a body until the end of the connection',
    server: written(`${ok}\r\nContent-Type: text/plain`),
    said,
  },
  {
    name: 'reads chunks',
    server: written(`${ok}\r\nTransfer-Encoding: chunked`, inChunks(7)),
    said,
  },
  {
    name: 'reads single bytes in chunks',
    server: written(`${ok}\r\ntransfer-encoding: Chunked`, inChunks(1)),
    said,
  },
  {
    name: 'goes on after an interim answer',
    server: written(`HTTP/1.1 103 Hints\r\nLink: x\r\n\r\n${ok}`),
    said,
  },
];
