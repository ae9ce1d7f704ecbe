/**
 * Carries out the permitted calls: each becomes a new call to the engine, built from checked
 * values.
 */
import type { Duplex } from 'node:stream';
import type { Engine } from '../engine.ts';
import { hasNarrowIds } from '../open-pool.ts';
import { sandboxLabel } from '../spec.ts';
import type { Workspaces } from '../workspace/workspaces.ts';
import { type Answer, answer, infoBody, listBody } from './answer.ts';
import type { Verb } from './permitted-call.ts';
import { askedWorkspace, permittedSpec, refusal, type SpecSettings } from './permitted-spec.ts';
import { Register } from './register.ts';

export interface PermittedEngineOptions {
  readonly engine: Pick<
    Engine,
    'info' | 'image' | 'create' | 'attach' | 'start' | 'remove' | 'list'
  >;
  readonly spec: Omit<SpecSettings, 'narrow' | 'workspace'>;
  /** The folders that a sandbox may read; absent: none. */
  readonly workspaces?: Pick<Workspaces, 'has'> | undefined;
  /** Containers of this proxy that may exist at once. */
  readonly max: number;
}

export class PermittedEngine {
  readonly #options: PermittedEngineOptions;
  readonly #register: Register;
  readonly #narrow: () => Promise<boolean>;

  constructor(options: PermittedEngineOptions) {
    this.#options = options;
    this.#register = new Register(options.engine, options.max);
    this.#narrow = hasNarrowIds(options.engine);
  }

  /** @throws Refused, and the errors of the engine's calls */
  async perform(verb: Exclude<Verb, 'attach'>, id: string, body: string): Promise<Answer> {
    const { engine } = this.#options;
    switch (verb) {
      case 'ping':
        await engine.info();
        return answer(200, 'OK');
      case 'version': {
        const { version, apiVersion } = await engine.info();
        return answer(200, { Version: version, ApiVersion: apiVersion });
      }
      case 'info':
        return answer(200, infoBody(await engine.info()));
      case 'image':
        return this.#image(id);
      case 'list':
        return answer(200, listBody(await engine.list(`${sandboxLabel}=1`)));
      case 'create':
        return answer(201, { Id: await this.#create(body), Warnings: [] });
      case 'start':
        this.#register.requireOwn(id);
        await engine.start(id);
        return answer(204);
      case 'remove':
        await this.#register.remove(id);
        return answer(204);
    }
  }

  attach(id: string): Promise<Duplex> {
    this.#register.claimAttach(id);
    return this.#options.engine.attach(id);
  }

  /** Removes every container that was created through this proxy. */
  close(): Promise<void> {
    return this.#register.close();
  }

  async #image(name: string): Promise<Answer> {
    const image = await this.#options.engine.image(name);
    return image === undefined
      ? answer(404, { message: `No such image: ${name}` })
      : answer(200, { Id: image.id });
  }

  async #create(body: string): Promise<string> {
    const workspace = await this.#workspace(body);
    const narrow = await this.#narrow();
    const spec = permittedSpec(body, { ...this.#options.spec, narrow, workspace });
    return this.#register.create(() => this.#options.engine.create(spec));
  }

  async #workspace(body: string): Promise<string | undefined> {
    const asked = askedWorkspace(body);
    if (asked === undefined) return undefined;
    if ((await this.#options.workspaces?.has(asked)) === true) return asked;
    throw refusal('HostConfig.Mounts');
  }
}
