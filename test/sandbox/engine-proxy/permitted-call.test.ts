import { describe, expect, test } from 'vitest';
import { permittedCall } from '../../../src/sandbox/engine-proxy/permitted-call.ts';

const image = 'registry.example:5000/hookpool/sandbox:abc';
const id = '0123456789abcdef'.repeat(4);
const listQuery = `all=true&filters=${encodeURIComponent('{"label":["hookpool.sandbox=1"]}')}`;
const attachUrl = `/containers/${id}/attach?stream=1&stdin=1&stdout=1&stderr=1`;
const upgrade = { upgrade: 'tcp', connection: 'Upgrade', 'content-length': '0' };

describe('permitted', () => {
  test.each([
    ['GET', '/_ping', 'ping', ''],
    ['HEAD', '/_ping', 'ping', ''],
    ['GET', '/info', 'info', ''],
    ['GET', '/v1.41/version', 'version', ''],
    ['GET', `/images/${image}/json`, 'image', image],
    ['GET', `/containers/json?${listQuery}`, 'list', ''],
    ['POST', '/containers/create?', 'create', ''],
    ['POST', `/v1.52/containers/${id}/start`, 'start', id],
    ['DELETE', `/containers/${id}?force=true&v=true`, 'remove', id],
    ['DELETE', `/containers/${id}?v=true&force=true`, 'remove', id],
  ])('is %s %s', (method, url, verb, named) => {
    expect(permittedCall({ method, url, headers: {} }, [image])).toEqual({ verb, id: named });
  });

  test('is an attach that upgrades its connection', () => {
    expect(permittedCall({ method: 'POST', url: attachUrl, headers: upgrade }, [image])).toEqual({
      verb: 'attach',
      id,
    });
  });

  test('is a body with create only', () => {
    const headers = { 'content-length': '7' };
    expect(
      permittedCall({ method: 'POST', url: '/containers/create', headers }, [image]),
    ).toMatchObject({ verb: 'create' });
  });
});

describe('refused', () => {
  test.each([
    ['GET', '/'],
    ['GET', ''],
    ['GET', '/containers/json'],
    ['GET', '/containers/json?all=true'],
    ['GET', `/containers/json?all=true&filters=${encodeURIComponent('{"label":["other"]}')}`],
    ['GET', `/containers/json?${listQuery}&size=true`],
    ['GET', `/containers/json?${listQuery}&all=true`],
    ['GET', `/containers/${id}/json`],
    ['GET', `/containers/${id}/logs?stdout=1`],
    ['GET', `/containers/${id}/archive?path=/etc/shadow`],
    ['PUT', `/containers/${id}/archive?path=/`],
    ['GET', `/containers/${id}/export`],
    ['GET', `/containers/${id}/top`],
    ['POST', `/containers/${id}/exec`],
    ['POST', `/containers/${id}/update`],
    ['POST', `/containers/${id}/rename?name=x`],
    ['POST', `/containers/${id}/kill?signal=CONT`],
    ['POST', `/containers/${id}/pause`],
    ['POST', `/containers/${id}/wait?condition=removed`],
    ['POST', `/containers/${id}/start?detachKeys=a`],
    ['POST', `/commit?container=${id}`],
    ['POST', '/containers/create?name=x'],
    ['POST', '/containers/create?platform=linux/arm64'],
    ['POST', '/containers/prune'],
    ['POST', '/containers/../containers/create'],
    ['POST', '//containers/create'],
    ['POST', '/containers/%63reate'],
    ['POST', '/containers/create#x'],
    ['POST', '/v1.41/v1.41/containers/create'],
    ['POST', '/vX/containers/create'],
    ['POST', 'http://engine/containers/create'],
    ['PUT', '/containers/create'],
    ['DELETE', `/containers/${id}`],
    ['DELETE', `/containers/${id}?force=true&v=true&link=true`],
    ['DELETE', `/containers/${id.slice(0, 12)}?force=true&v=true`],
    ['DELETE', `/containers/${id.toUpperCase()}?force=true&v=true`],
    ['DELETE', '/containers/name?force=true&v=true'],
    ['DELETE', `/containers/${id}/../other?force=true&v=true`],
    ['DELETE', '/containers/{id}?force=true&v=true'],
    ['DELETE', '/images/x'],
    ['GET', '/images/other/json'],
    ['GET', '/images/{image}/json'],
    ['GET', '/images/json'],
    ['POST', '/images/create?fromImage=x'],
    ['POST', '/build'],
    ['POST', '/exec/1/start'],
    ['GET', '/events'],
    ['GET', '/system/df'],
    ['POST', '/volumes/create'],
    ['POST', '/networks/create'],
    ['POST', '/swarm/init'],
    ['POST', '/plugins/pull?remote=x'],
    ['POST', '/session'],
    ['POST', '/grpc'],
    ['GET', '/constructor'],
  ])('is %s %s', (method, url) => {
    const call = () => permittedCall({ method, url, headers: {} }, [image]);
    expect(call).toThrow(
      expect.objectContaining({ status: 403, message: expect.stringContaining('permits') }),
    );
  });

  test.each([
    ['an attach without an upgrade', 'POST', attachUrl, {}],
    ['an attach with a body', 'POST', attachUrl, { ...upgrade, 'content-length': '5' }],
    [
      'an attach with chunks',
      'POST',
      attachUrl,
      { upgrade: 'tcp', 'transfer-encoding': 'chunked' },
    ],
    ['an attach with other streams', 'POST', attachUrl.replace('stderr=1', 'logs=1'), upgrade],
    ['an upgrade of create', 'POST', '/containers/create', upgrade],
    ['an upgrade of start', 'POST', `/containers/${id}/start`, upgrade],
    ['a start with a body', 'POST', `/containers/${id}/start`, { 'content-length': '20' }],
    ['a start with chunks', 'POST', `/containers/${id}/start`, { 'transfer-encoding': 'chunked' }],
  ])('is %s', (_, method, url, headers) => {
    expect(() => permittedCall({ method, url, headers }, [image])).toThrow(
      expect.objectContaining({ status: 403 }),
    );
  });
});
