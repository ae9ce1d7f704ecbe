/** Servers without an answer for the agent: every bridge blocks the tool. */
import type { BridgeCase } from './bridge-cases.ts';
import {
  answer,
  body,
  end,
  error,
  flood,
  inChunks,
  ok,
  raw,
  trickle,
  written,
} from './bridge-replies.ts';

const noHttp = /cannot be asked \(its answer is no HTTP\)/;
const curlReads = 'curl takes what its own reader takes';

export const refusals: readonly BridgeCase[] = [
  {
    name: 'is bad input',
    server: error(400),
    said: /the server answered 400 SOME_CODE: Some message\./,
  },
  { name: 'is overloaded', server: error(503), said: /503 SOME_CODE/ },
  {
    name: 'is an error page',
    server: (response) => void response.writeHead(502).end('<html>'),
    said: /502 : no message/,
  },
  {
    name: 'is an error without texts',
    server: (response) => void response.writeHead(500).end('{"error":{"code":7,"message":[]}}'),
    said: /500 : no message/,
  },
  {
    name: 'is an error with control characters',
    server: (response) =>
      void response
        .writeHead(500)
        .end('{"error":{"code":"\\u001b[2J","message":"a\\u0000b\\u202ec"}}'),
    said: /500 ␛\[2J: a␀b\ufffdc/,
  },
  {
    name: 'needs a transcript that was not offered',
    server: error(428),
    more: { 'transcript-bytes': '0' },
    said: /428 SOME_CODE/,
  },
  { name: 'needs a transcript again and again', server: error(428), said: /428 SOME_CODE/ },
  { name: 'is a page', server: body('<html>'), said: /none of hookpool/ },
  { name: 'is an array', server: body('[]'), said: /none of hookpool/ },
  { name: 'is null', server: body('null'), said: /none of hookpool/ },
  {
    name: 'has no texts',
    server: body('{"stdout":1,"stderr":"","exitCode":0}'),
    said: /none of hookpool/,
  },
  { name: 'has an exit code of its own', server: answer('', '', 1), said: /none of hookpool/ },
  { name: 'is empty', server: body(''), said: /none of hookpool/ },
  {
    name: 'is without a body',
    server: (response) => void response.writeHead(204).end(),
    said: /204/,
  },
  {
    name: 'is cut off',
    server: (response) =>
      void response.end(
        response.req.headers.accept === 'text/plain' ? `0${end}a${end}` : '{"stdout":"a"',
      ),
    said: /none of hookpool/,
  },
  {
    name: 'has a text too much',
    server: (response) =>
      void response.end(
        response.req.headers.accept === 'text/plain' ? `0${end}a${end}b${end}c${end}` : '[{}]',
      ),
    said: /none of hookpool/,
    notInShell: 'it reads three texts',
  },
  {
    name: 'closes at once',
    server: (response) => void response.destroy(),
    said: /cannot be asked \(ECONNRESET\)/,
  },
  {
    name: 'closes in the middle',
    server: (response) =>
      void response.writeHead(200, { 'content-length': 99 }).write('{', () => response.destroy()),
    said: /cannot be asked \(ECONNRESET\)/,
  },
  {
    name: 'closes in a chunk',
    server: raw(`${ok}\r\nTransfer-Encoding: chunked\r\n\r\n9\r\nab`),
    said: /cannot be asked/,
  },
  { name: 'is no HTTP', server: raw('220 mail ready\r\n'), said: noHttp },
  {
    name: 'has a status that is no number',
    server: raw('HTTP/1.1 2x0 OK\r\n\r\n'),
    said: noHttp,
    notInShell: curlReads,
  },
  {
    name: 'has two lengths',
    server: written(`${ok}\r\nContent-Length: 5\r\nContent-Length: 6`),
    said: noHttp,
    notInShell: curlReads,
  },
  {
    name: 'has a length and chunks',
    server: written(`${ok}\r\nContent-Length: 5\r\nTransfer-Encoding: chunked`, inChunks(9)),
    said: noHttp,
    notInShell: curlReads,
  },
  {
    name: 'has a length that is no number',
    server: written(`${ok}\r\nContent-Length: 5x`),
    said: noHttp,
    notInShell: curlReads,
  },
  {
    name: 'has a chunk of no size',
    server: written(`${ok}\r\nTransfer-Encoding: chunked`, (text) => `x\r\n${text}`),
    said: noHttp,
  },
  {
    name: 'has a chunk that is longer than it says',
    server: written(`${ok}\r\nTransfer-Encoding: chunked`, (text) => `3\r\n${text}\r\n0\r\n\r\n`),
    said: noHttp,
  },
  {
    name: 'has a header without a colon',
    server: written(`${ok}\r\nnonsense`),
    said: noHttp,
    notInShell: curlReads,
  },
  {
    name: 'has a head of 20 KiB',
    server: written(`${ok}\r\nA: ${'x'.repeat(20 << 10)}`),
    said: noHttp,
    notInShell: curlReads,
  },
  {
    name: 'never ends',
    server: flood,
    said: /more than 8388608 bytes/,
    notInShell: 'it waits for its deadline',
  },
  {
    name: 'is not there',
    server: 'http://127.0.0.1:1',
    said: /http:\/\/127\.0\.0\.1:1 cannot be asked \(ECONNREFUSED\)\. Is hookpool serve running/,
  },
  {
    name: 'is not there by name',
    server: 'http://localhost:1/prefix/',
    said: /cannot be asked \(ECONNREFUSED\)/,
  },
  { name: 'is not there over IPv6', server: 'http://[::1]:1', said: /cannot be asked \(E/ },
  { name: 'has no socket', server: 'unix:///nowhere.sock', said: /cannot be asked \(ENOENT\)/ },
  {
    name: 'has a file in the place of a socket',
    server: 'unix:///etc/passwd',
    said: /cannot be asked \(ECONNREFUSED\)/,
  },
  {
    name: 'never answers',
    server: () => undefined,
    more: { deadline: '1' },
    said: /1 s have passed without an answer/,
  },
  {
    name: 'answers with half',
    server: (response) => void response.writeHead(200).write('{"stdout":'),
    more: { deadline: '0.2' },
    said: /0\.2 s have passed/,
    notInShell: 'its deadline has whole seconds',
  },
  {
    name: 'answers a byte at a time',
    server: trickle,
    more: { deadline: '0.2' },
    said: /0\.2 s have passed/,
    notInShell: 'its deadline has whole seconds',
  },
  {
    name: 'is not asked without a context',
    server: answer(''),
    context: '',
    said: /there is nothing on stdin/,
    notInShell: 'its server refuses that',
  },
  {
    name: 'is not asked without its token',
    server: answer(''),
    more: { 'token-file': '/nowhere' },
    said: /\/nowhere cannot be read/,
    notInShell: 'it has no token file',
  },
  {
    name: 'is not asked with a folder for a token',
    server: answer(''),
    more: { 'token-file': '/tmp' },
    said: /\/tmp cannot be read: it is a folder/,
    notInShell: 'it has no token file',
  },
  {
    name: 'is not asked with a token of two lines',
    server: answer(''),
    env: { HOOKPOOL_TOKEN: 'a\r\nX: y' },
    said: /ERR_INVALID_CHAR/,
    notInShell: 'curl sends what it is given',
  },
];

/** Addresses that the native bridge gives to the one in node. */
export const handedOver: readonly BridgeCase[] = [
  {
    name: 'has an address of another protocol',
    server: 'ftp://x',
    said: /is no http:\/\/, https:\/\/ or unix:\/\/ address/,
  },
  { name: 'has no address', server: 'nonsense', said: /is no http/ },
  {
    name: 'has a name that nobody knows',
    server: 'http://no-such-host.invalid',
    said: /cannot be asked \(E/,
  },
  {
    name: 'would be encrypted',
    server: 'https://127.0.0.1:1',
    said: /cannot be asked \(ECONNREFUSED\)/,
  },
];
