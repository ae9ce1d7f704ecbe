/** Opens the contenders of all types: hookpool in this process, and the same without it. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { evaluate, execute, type Hook, runScript } from '../../src/index.ts';
import { HttpHooks } from '../../src/outbound/http-hook.ts';
import { MemoryCache } from '../../src/outbound/judges/cache.ts';
import { JudgeHooks } from '../../src/outbound/judges/judge-hook.ts';
import { Judges } from '../../src/outbound/judges/judges.ts';
import { judgesSettingsSchema } from '../../src/outbound/judges/settings.ts';
import { Tools } from '../../src/outbound/judges/tools.ts';
import { Secrets } from '../../src/outbound/secrets.ts';
import { outboundSettingsSchema } from '../../src/outbound/settings.ts';
import { Targets } from '../../src/outbound/targets.ts';
import type { ScriptRunner } from '../../src/protocol/run.ts';
import { certificate } from '../../test/outbound/certificate.ts';
import type { Closers } from '../closers.ts';
import { openBare } from '../contenders/bare.ts';
import { end } from '../contenders/cluster.ts';
import type { Contender, Surroundings } from '../contenders/contender.ts';
import { openInProcess } from '../contenders/in-process.ts';
import type { Field } from '../contenders/open.ts';
import { contextOf, dialect, expectBlock, tenant } from '../guards.ts';
import { smallContext } from '../side-by-side/matrix.ts';
import { expectNo } from './answers.ts';
import { judgeName, type Places, typeHooks } from './hooks.ts';
import { fetched, post, questions } from './requests.ts';

const loopback = { plain: true, private: ['127.0.0.0/8'], tenants: ['*'] };
const caFile = 'ca.pem';
const cas = new Map([[caFile, certificate]]);
const isolation = 'tenant';

export async function openTypes(around: Surroundings): Promise<Field> {
  const { closers } = around;
  const places = await openStandIn(closers);
  const pooled = await openInProcess(around, isolation);
  const { pool } = pooled;
  const run: ScriptRunner = (script, signal) => runScript(pool, script, signal);
  const services = { http: await httpRunner(places), judge: judgeRunner(places, run) };
  const hooks = typeHooks(places);
  const evaluated = (name: string): Contender['call'] => {
    const hook = hooks.get(name) as Hook;
    return async (_, { bytes }) =>
      expectBlock(
        await evaluate(
          { dialect, hooks: [hook], context: bytes, tenant, isolation },
          (job, signal) => execute(pool, job, signal),
          services,
        ),
      );
  };
  const judgeUrl = `http://127.0.0.1:${places.port}/v1/chat/completions`;
  /** The bodies that one call of this hook sends. */
  const sentBy = async (name: string, count: number) => {
    await evaluated(name)(undefined as never, contextOf(smallContext));
    const last = await post(`http://127.0.0.1:${places.port}/last`, '');
    return (JSON.parse(last) as string[]).slice(-count);
  };
  const question = await sentBy('prompt', 1);
  const twoQuestions = await sentBy('agent', 2);
  const serviceUrl = String(urlOf('http', places));
  const calls: Readonly<Record<string, Contender['call']>> = {
    'bare python3': (await openBare(around)).call,
    'hookpool command': pooled.call,
    'hookpool callable': evaluated('callable'),
    'bare fetch, connection kept': async (_, { text }) => expectNo(await fetched(serviceUrl, text)),
    'bare request': async (_, { bytes }) => expectNo(await post(serviceUrl, bytes)),
    'hookpool http': evaluated('http'),
    'bare request, TLS': async (_, { bytes }) =>
      expectNo(await post(urlOf('http-tls', places), bytes)),
    'hookpool http, TLS': evaluated('http-tls'),
    'bare question': () => questions(judgeUrl, question),
    'hookpool prompt': evaluated('prompt'),
    'two bare questions': () => questions(judgeUrl, twoQuestions),
    'hookpool ReadFile alone': readsContext(run),
    'hookpool agent': evaluated('agent'),
  };
  const contenders = new Map(
    Object.entries(calls).map(([name, call]) => [name, { name, call }] as const),
  );
  return { contenders, missing: [], pooled: [pooled], cluster: undefined };
}

function urlOf(name: 'http' | 'http-tls', { port, tlsPort }: Places): string {
  return name === 'http' ? `http://127.0.0.1:${port}/check` : `https://127.0.0.1:${tlsPort}/check`;
}

async function openStandIn(closers: Closers): Promise<Places> {
  const script = path.join(import.meta.dirname, 'stand-in.ts');
  const child = spawn(process.execPath, ['--import', 'tsx', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  closers.add(() => end(child));
  const [said] = await once(createInterface(child.stdout), 'line');
  const [port = 0, tlsPort = 0] = String(said).split(' ').map(Number);
  return { port, tlsPort };
}

async function httpRunner({ port, tlsPort }: Places) {
  const target = { hosts: ['127.0.0.1'], ports: [port, tlsPort], caFile, ...loopback };
  const { targets } = outboundSettingsSchema.parse({ targets: { service: target } });
  const none = () => Promise.reject(new Error('The bench has no secrets.'));
  const hooks = new HttpHooks({
    targets: new Targets(targets, cas),
    secrets: await Secrets.load({}, { variable: () => undefined, readFile: none }),
    version: 'bench',
  });
  return hooks.run.bind(hooks);
}

function judgeRunner({ port }: Places, run: ScriptRunner) {
  const judge = { format: 'openai-chat', baseUrl: `http://127.0.0.1:${port}/v1`, model: 'small' };
  const { judges } = judgesSettingsSchema.parse({
    judges: { [judgeName]: { ...judge, ...loopback } },
  });
  const hooks = new JudgeHooks({
    ...{ judges: new Judges(judges), cache: new MemoryCache(), version: 'bench', runScript: run },
  });
  return hooks.run.bind(hooks);
}

/** The tool that the agent hook uses once, without a judge. */
function readsContext(runScript: ScriptRunner): Contender['call'] {
  const never = new AbortController().signal;
  return async (_, { bytes }) => {
    const place = { tenant, isolation, context: bytes, transcript: undefined, runScript } as const;
    const call = { name: 'ReadFile', input: '{"file":"context"}' };
    const { result } = await new Tools(['ReadFile'], place).use(call, never);
    if (!result.includes('rm -rf')) throw new Error(`ReadFile did not read: ${result}`);
  };
}
