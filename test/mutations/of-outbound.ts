/** What the guarded request defends, against hook files, resolvers and targets. */
import { type Mutation, mutation } from './mutation.ts';

const addresses = 'src/outbound/addresses.ts';
const connection = 'src/outbound/connection.ts';
const exchange = 'src/outbound/exchange.ts';
const request = 'src/outbound/guarded-request.ts';
const template = 'src/protocol/template.ts';
const targets = 'src/outbound/targets.ts';
const secrets = 'src/outbound/secrets.ts';
const reply = 'src/outbound/reply.ts';
const allowed = 'src/outbound/allowed.ts';
const fromHttp = 'src/protocol/verdict/from-http.ts';
const headers = 'src/protocol/request-headers.ts';
const pointed = 'src/protocol/verdict/pointed-verdict.ts';

export const ofOutbound: readonly Mutation[] = [
  mutation(
    'inside-addresses',
    'hooks may reach every address',
    [connection, 'if (!addresses.every((one) => rules.permits(one)))', 'if (addresses.length < 0)'],
    'outbound/connection',
  ),
  mutation(
    'every-address',
    'one permitted address of a name is enough',
    [connection, 'addresses.every(', 'addresses.some('],
    'outbound/connection',
  ),
  mutation(
    'ipv4-in-ipv6',
    'an IPv4 address in IPv6 form is judged as IPv6',
    [addresses, ' || carriesIpv4(address)', ''],
    'outbound/addresses',
  ),
  mutation(
    'metadata-addresses',
    'an operator can open the addresses of metadata services',
    [addresses, 'this.#never.check(address, kind) || ', ''],
    'outbound/addresses',
  ),
  mutation(
    'pinned-address',
    'the name is resolved again for the connection',
    [connection, 'network.connect(address, port)', 'network.connect(host, port)'],
    'outbound/connection',
  ),
  mutation(
    'remote-address',
    'where a connection ended is not looked at',
    [connection, '!rules.permits(String(socket.remoteAddress))', 'socket.destroyed'],
    'outbound/connection',
  ),
  mutation(
    'certificates',
    'every certificate is taken',
    [connection, 'rejectUnauthorized: true', 'rejectUnauthorized: false'],
    'outbound/connection',
  ),
  mutation(
    'certificates-by-environment',
    'the environment can switch the check of certificates off',
    [connection, '    rejectUnauthorized: true,\n', ''],
    'outbound/connection',
  ),
  mutation(
    'lookups-per-target',
    'a silent name server of one target stops the lookups of all',
    ['src/outbound/lookups.ts', 'own.size >= mostAtOnce', 'own.size > 100 * mostAtOnce'],
    'outbound/lookups',
  ),
  mutation(
    'target-paths-decoded',
    'a path that a server decodes once more leaves its target',
    ['src/outbound/targets.ts', "(folder === '/' || !maySayUp(path))", 'path !== maySayUp.name'],
    'outbound/targets',
  ),
  mutation(
    'redirects',
    'a redirect is followed',
    [
      exchange,
      'const status = Number(head.statusCode);',
      'const status = Number(head.statusCode);\n  if (head.headers.location) await fetch(head.headers.location);',
    ],
    'outbound/guarded-request',
  ),
  mutation(
    'answer-size',
    'an answer may have any size',
    [exchange, 'if (size > answerBytes)', 'if (size < 0)'],
    'outbound/guarded-request',
  ),
  mutation(
    'answer-length',
    'an answer that announces its size is read first',
    [exchange, "Number(head.headers['content-length']) > answerBytes", 'size > answerBytes'],
    'outbound/guarded-request',
  ),
  mutation(
    'answer-encoding',
    'an encoded answer is taken',
    [exchange, "encoding !== '' && encoding !== 'identity'", "encoding === 'none'"],
    'outbound/guarded-request',
  ),
  mutation(
    'answer-head',
    'the headers of an answer may have any size',
    [exchange, 'const headBytes = 16 << 10;', 'const headBytes = 16 << 20;'],
    'outbound/guarded-request',
  ),
  mutation(
    'interim-answers',
    'an answer may have any number of interim ones',
    [exchange, 'const mostInterim = 8;', 'const mostInterim = 8_000;'],
    'outbound/guarded-request',
  ),
  mutation(
    'request-deadline',
    'a request has no deadline',
    [request, 'deadline.abort(timedOut), timeoutMs)', 'deadline.abort(timedOut), 2 ** 31 - 1)'],
    'outbound/guarded-request',
  ),
  mutation(
    'request-end',
    'the connection of a request stays open',
    [request, 'end = () => socket.destroy();', 'end = () => {};'],
    'outbound/guarded-request',
  ),
  mutation(
    'request-size',
    'a request may have any size',
    [request, 'if (body.length <= requestBytes) return;', 'if (body.length >= 0) return;'],
    'outbound/guarded-request',
  ),
  mutation(
    'values-scanned',
    'placeholders in values are replaced too',
    [
      template,
      "return JSON.stringify(texts.join(''));",
      "return JSON.stringify(texts.join('').replace(placeholders, (_, path) => jsonOf(path ?? '')));",
    ],
    'protocol/template',
  ),
  mutation(
    'values-quoted',
    'values are put into the payload as they are',
    [
      template,
      "return JSON.stringify(texts.join(''));",
      "return '\"'.concat(texts.join(''), '\"');",
    ],
    'protocol/template',
  ),
  mutation(
    'target-tenants',
    'a target is for every tenant',
    [targets, 'isFor(entry, tenant) && hasUrl(entry, url)', 'hasUrl(entry, url)'],
    'outbound/targets',
  ),
  mutation(
    'target-paths',
    'a target has every path',
    [targets, '(path === prefix || path.startsWith(folder))', "folder !== ''"],
    'outbound/targets',
  ),
  mutation(
    'target-hosts',
    'a host that ends like the domain is in it',
    [targets, 'host.endsWith(pattern.slice(1))', 'host.endsWith(pattern.slice(2))'],
    'outbound/targets',
  ),
  mutation(
    'secret-hosts',
    'a secret is sent to every host',
    [secrets, ' && hasHost(entry, host)', ''],
    'outbound/secrets',
  ),
  mutation(
    'secret-tenants',
    'a secret is for every tenant',
    [secrets, ' && isFor(entry, tenant)', ''],
    'outbound/secrets',
  ),
  mutation(
    'secrets-in-clear',
    'secrets are sent over http',
    [allowed, '!url.isTls && !target.trusted', 'url.path.length < 0'],
    'outbound/http-hook',
  ),
  mutation(
    'secrets-repeated',
    'an answer may repeat a secret',
    [reply, 'value.length >= leastSecret', 'value.length < 0'],
    'outbound/http-hook',
  ),
  mutation(
    'granted-in-clear',
    'an answer over http may approve',
    [fromHttp, 'if (mayGrant || !isGrant) return draft;', 'if (mayGrant || isGrant) return draft;'],
    'protocol/verdict/from-http',
  ),
  mutation(
    'answers-are-objects',
    'text that is no object is read as the dialect reads text',
    [fromHttp, "plainText: 'error', broken: 'error'", "broken: 'error'"],
    'protocol/verdict/from-http',
  ),
  mutation(
    'verdict-is-there',
    'an answer without the verdict is no objection',
    [pointed, 'if (value === undefined) return `', 'if (value === undefined) return false && `'],
    'protocol/verdict/pointed-verdict',
  ),
  mutation(
    'reserved-headers',
    'a hook may set every header',
    [headers, 'return isReserved ?', "return name === '' ?"],
    'protocol/request-headers',
  ),
  mutation(
    'header-values',
    'a value may end its header',
    [headers, '/^[\\t\\x20-\\x7e]*$/', '/^[^]*$/'],
    'protocol/request-headers',
  ),
];
