/**
 * Client of the container engine. Every call has a timeout, whose error names the call; a connection
 * has none.
 */
import type { Duplex } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { orFallback } from '../deadline.ts';
import { UnavailableError } from '../errors.ts';
import { openAttach } from './attach.ts';
import type { ContainerSpec } from './container-spec.ts';
import { checkAddress, type EngineAddress, engineAddress } from './engine-address.ts';
import { asSandboxError, engineDown, isUnreachable, statusOf } from './engine-errors.ts';
import { askEngine, type EngineCall } from './engine-request.ts';
import type { LocalImage } from './local-image.ts';

/** What the engine reports about itself, in hookpool's terms. */
export interface EngineInfo {
  /** Whether the engine is Podman behind its Docker-compatible socket. */
  readonly isPodman: boolean;
  /** Whether the engine runs without root on its host, in a user namespace. */
  readonly isRootless: boolean;
  readonly version: string;
  readonly apiVersion: string;
  readonly operatingSystem: string;
  readonly cgroupVersion: string;
  readonly defaultRuntime: string;
  readonly runtimes: readonly string[];
  readonly securityOptions: readonly string[];
  readonly memoryLimit: boolean;
  readonly swapLimit: boolean;
  readonly pidsLimit: boolean;
}

export interface ContainerSummary {
  readonly id: string;
  /** created, running, paused, exited, dead, removing */
  readonly state: string;
  readonly createdAtMs: number;
  readonly labels: Readonly<Record<string, string>>;
}

const callTimeoutMs = 10_000;
const createTimeoutMs = 30_000;
const removeTimeoutMs = 20_000;
/** Milliseconds between two checks whether a removal has finished. */
const removePollMs = 25;

/** The members of the engine's answers that are read. */
interface Info {
  readonly OperatingSystem: string;
  readonly CgroupVersion?: string;
  readonly DefaultRuntime?: string;
  readonly Runtimes?: object;
  readonly SecurityOptions?: readonly string[] | null;
  readonly Rootless?: boolean;
  readonly MemoryLimit?: boolean;
  readonly SwapLimit?: boolean;
  readonly PidsLimit?: boolean;
}

interface Version {
  readonly Version: string;
  readonly ApiVersion: string;
  readonly Components?: readonly { readonly Name: string }[] | null;
}

interface ListedContainer {
  readonly Id: string;
  readonly State: string;
  /** Seconds since 1970. */
  readonly Created: number;
  readonly Labels: Readonly<Record<string, string>>;
}

export class Engine {
  readonly #address: EngineAddress;

  /**
   * @param address by default what DOCKER_HOST or the default socket names.
   * @throws UnavailableError `ENGINE_DOWN` for a DOCKER_HOST that is no address.
   */
  constructor(address: EngineAddress = engineAddress()) {
    this.#address = address;
  }

  /** Whether the engine is reached through a socket of this machine. */
  get isLocal(): boolean {
    return this.#address.socketPath !== undefined;
  }

  /** @throws UnavailableError `ENGINE_DOWN` or `ENGINE_TIMEOUT` with what to do about it. */
  async info(): Promise<EngineInfo> {
    const get = (path: string, signal: AbortSignal) =>
      askEngine(this.#address, { method: 'GET', path }, signal);
    const [info, version] = await this.#call('info', callTimeoutMs, async (signal) => {
      const answers = await Promise.all([get('/info', signal), get('/version', signal)]);
      return answers as [Info, Version];
    });
    const parts = version.Components ?? [];
    return {
      isRootless:
        info.Rootless === true ||
        (info.SecurityOptions ?? []).some((option) => option.includes('name=rootless')),
      isPodman: parts.some(({ Name }) => Name.startsWith('Podman')),
      version: version.Version,
      apiVersion: version.ApiVersion,
      operatingSystem: info.OperatingSystem,
      cgroupVersion: info.CgroupVersion ?? '1',
      defaultRuntime: info.DefaultRuntime ?? 'runc',
      runtimes: Object.keys(info.Runtimes ?? {}),
      securityOptions: info.SecurityOptions ?? [],
      memoryLimit: info.MemoryLimit === true,
      swapLimit: info.SwapLimit === true,
      pidsLimit: info.PidsLimit === true,
    };
  }

  /** A local image, undefined when there is none of this name. Never pulls. */
  async image(name: string): Promise<LocalImage | undefined> {
    try {
      const image = await this.#ask<{ readonly Id: string; readonly Size?: number }>(
        'inspect an image',
        callTimeoutMs,
        { method: 'GET', path: encodeURI(`/images/${name}/json`) },
      );
      return { id: image.Id, sizeBytes: image.Size };
    } catch (error) {
      if (statusOf(error) === 404) return undefined;
      throw error;
    }
  }

  /** @returns the container's id. @throws UnavailableError, SandboxError `CREATE_FAILED` */
  async create(spec: ContainerSpec): Promise<string> {
    try {
      const container = await this.#ask<{ readonly Id: string }>(
        'create a container',
        createTimeoutMs,
        { method: 'POST', path: '/containers/create', body: spec },
      );
      return container.Id;
    } catch (error) {
      if (statusOf(error) === 404) {
        const message = `The image ${spec.Image} is not on this engine.`;
        throw new UnavailableError('IMAGE_MISSING', message, { cause: error });
      }
      throw asSandboxError('CREATE_FAILED', error);
    }
  }

  async attach(id: string): Promise<Duplex> {
    try {
      return await this.#call('attach to a container', callTimeoutMs, (signal) =>
        openAttach(this.#address, id, signal),
      );
    } catch (error) {
      throw asSandboxError('ATTACH_FAILED', error);
    }
  }

  async start(id: string): Promise<void> {
    try {
      await this.#ask('start a container', createTimeoutMs, {
        method: 'POST',
        path: `/containers/${id}/start`,
      });
    } catch (error) {
      throw asSandboxError('START_FAILED', error);
    }
  }

  /**
   * Ends and removes a container and waits until it is gone. A container that is already gone is no
   * error.
   */
  async remove(id: string): Promise<void> {
    const call = {
      method: 'DELETE',
      path: `/containers/${id}`,
      query: { force: 'true', v: 'true' },
    } as const;
    await this.#call('remove a container', removeTimeoutMs, async (signal) => {
      while (!(await isGone(askEngine(this.#address, call, signal)))) {
        await sleep(removePollMs, undefined, { signal });
      }
    });
  }

  /** Containers in any state that carry the label. */
  async list(label: string): Promise<ContainerSummary[]> {
    const found = await this.#ask<readonly ListedContainer[]>('list containers', callTimeoutMs, {
      method: 'GET',
      path: '/containers/json',
      query: { all: 'true', filters: JSON.stringify({ label: [label] }) },
    });
    return found.map((one) => ({
      id: one.Id,
      state: one.State,
      createdAtMs: one.Created * 1000,
      labels: one.Labels,
    }));
  }

  /** @param T what the engine answers; see the API of Docker 1.41 */
  #ask<T>(what: string, timeoutMs: number, call: EngineCall): Promise<T> {
    return this.#call(
      what,
      timeoutMs,
      (signal) => askEngine(this.#address, call, signal) as Promise<T>,
    );
  }

  /** Rejects at the timeout, also where the engine has sent only a part of its answer. */
  async #call<T>(
    what: string,
    timeoutMs: number,
    call: (signal: AbortSignal) => Promise<T>,
  ): Promise<T> {
    const ended = new AbortController();
    try {
      checkAddress(this.#address);
      return await orFallback(timeoutMs, call(ended.signal), () => {
        throw new UnavailableError(
          'ENGINE_TIMEOUT',
          `The container engine did not ${what} within ${timeoutMs / 1000} s.`,
        );
      });
    } catch (error) {
      // Aborts only after the error is known: the call's own error would be less specific.
      ended.abort();
      throw isUnreachable(error) ? engineDown(error) : error;
    }
  }
}

/** Returns false while another removal, such as AutoRemove's, is in progress (409). */
async function isGone(removing: Promise<unknown>): Promise<boolean> {
  try {
    await removing;
    return true;
  } catch (error) {
    if (statusOf(error) === 404) return true;
    if (statusOf(error) === 409) return false;
    throw error;
  }
}
