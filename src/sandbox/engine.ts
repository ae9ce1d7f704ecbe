/**
 * Client of the container engine; only this file and engine-address.ts import dockerode. Every call
 * has a timeout, whose error names the call; dockerode itself has none.
 */
import type { Duplex } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import type Docker from 'dockerode';
import { orFallback } from '../deadline.ts';
import { UnavailableError } from '../errors.ts';
import { type EngineAddress, openAttach } from './attach.ts';
import type { ContainerSpec } from './container-spec.ts';
import { checkAddress, openClient } from './engine-address.ts';
import { asSandboxError, engineDown, isUnreachable, statusOf } from './engine-errors.ts';
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

/**
 * The methods of dockerode 5 that Engine uses. Its published types trail one major and lack
 * `abortSignal`.
 */
interface Client {
  readonly modem: EngineAddress;
  info(options: Call): Promise<Info>;
  version(options: Call): Promise<Docker.DockerVersion>;
  createContainer(
    options: Call & { _query: object; _body: ContainerSpec },
  ): Promise<{ readonly id: string }>;
  listContainers(
    options: Call & { all: boolean; filters: object },
  ): Promise<Docker.ContainerInfo[]>;
  getImage(name: string): {
    inspect(options: Call): Promise<{ readonly Id: string; readonly Size?: number }>;
  };
  getContainer(id: string): {
    start(options: Call): Promise<unknown>;
    remove(options: Call & { force: boolean; v: boolean }): Promise<unknown>;
  };
}

interface Call {
  readonly abortSignal: AbortSignal;
}

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

export class Engine {
  readonly #docker: Client;

  /**
   * @param docker a dockerode client; by default the one that DOCKER_HOST or the default socket
   * names.
   */
  constructor(docker: Docker = openClient()) {
    this.#docker = docker as unknown as Client;
  }

  /** Whether the engine is reached through a socket of this machine. */
  get isLocal(): boolean {
    return this.#docker.modem.socketPath !== undefined;
  }

  /** @throws UnavailableError `ENGINE_DOWN` or `ENGINE_TIMEOUT` with what to do about it. */
  async info(): Promise<EngineInfo> {
    const [info, version] = await this.#call('info', callTimeoutMs, (abortSignal) =>
      Promise.all([this.#docker.info({ abortSignal }), this.#docker.version({ abortSignal })]),
    );
    const parts =
      (version as { readonly Components?: readonly { readonly Name: string }[] | null })
        .Components ?? [];
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
      const image = await this.#call('inspect an image', callTimeoutMs, (abortSignal) =>
        this.#docker.getImage(name).inspect({ abortSignal }),
      );
      return { id: image.Id, sizeBytes: image.Size };
    } catch (error) {
      if (statusOf(error) === 404) return undefined;
      throw error;
    }
  }

  /**
   * Passes the spec as `_body`: dockerode repeats a bare spec in the query, 11 KiB that the engine
   * ignores.
   * @returns the container's id. @throws UnavailableError, SandboxError `CREATE_FAILED`
   */
  async create(spec: ContainerSpec): Promise<string> {
    try {
      const container = await this.#call('create a container', createTimeoutMs, (abortSignal) =>
        this.#docker.createContainer({ _query: {}, _body: spec, abortSignal }),
      );
      return container.id;
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
        openAttach(this.#docker.modem, id, signal),
      );
    } catch (error) {
      throw asSandboxError('ATTACH_FAILED', error);
    }
  }

  async start(id: string): Promise<void> {
    try {
      await this.#call('start a container', createTimeoutMs, (abortSignal) =>
        this.#docker.getContainer(id).start({ abortSignal }),
      );
    } catch (error) {
      throw asSandboxError('START_FAILED', error);
    }
  }

  /**
   * Ends and removes a container and waits until it is gone. A container that is already gone is no
   * error.
   */
  async remove(id: string): Promise<void> {
    const container = this.#docker.getContainer(id);
    await this.#call('remove a container', removeTimeoutMs, async (abortSignal) => {
      while (!(await isGone(container.remove({ force: true, v: true, abortSignal })))) {
        await sleep(removePollMs, undefined, { signal: abortSignal });
      }
    });
  }

  /** Containers in any state that carry the label. */
  async list(label: string): Promise<ContainerSummary[]> {
    const found = await this.#call('list containers', callTimeoutMs, (abortSignal) =>
      this.#docker.listContainers({ all: true, filters: { label: [label] }, abortSignal }),
    );
    return found.map((one) => ({
      id: one.Id,
      state: one.State,
      createdAtMs: one.Created * 1000,
      labels: one.Labels,
    }));
  }

  /**
   * Rejects at the timeout even if dockerode does not: an incomplete response leaves dockerode's
   * promise pending forever.
   */
  async #call<T>(
    what: string,
    timeoutMs: number,
    call: (signal: AbortSignal) => Promise<T>,
  ): Promise<T> {
    const ended = new AbortController();
    try {
      checkAddress(this.#docker.modem);
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
