/**
 * Runs each hook in a new container through the engine's API: create, attach, start, wait for its
 * end, remove.
 */
import { once } from 'node:events';
import { PassThrough } from 'node:stream';
import Docker from 'dockerode';
import { type BenchContext, type Guard, objection } from '../guards.ts';
import type { Contender, Surroundings } from './contender.ts';
import { commandOf, memoryBytes, pids, user } from './limits.ts';

export async function openDockerode({ image }: Surroundings): Promise<Contender> {
  const docker = new Docker();
  return {
    name: 'dockerode',
    call: (guard, context) => runInContainer(docker, image, guard, context),
  };
}

async function runInContainer(
  docker: Docker,
  image: string,
  guard: Guard,
  { bytes }: BenchContext,
): Promise<void> {
  const container = await docker.createContainer(specOf(image, guard));
  try {
    const stream = await container.attach({
      stream: true,
      hijack: true,
      stdin: true,
      stdout: true,
      stderr: true,
    });
    let said = '';
    const heard = new PassThrough().on('data', (data) => {
      said += data;
    });
    docker.modem.demuxStream(stream, heard, heard);
    const ended = once(stream, 'end');
    await container.start();
    stream.end(bytes);
    await ended;
    await container.wait();
    if (!said.includes(objection)) throw new Error(`The container said: ${said}`);
  } finally {
    await container.remove({ force: true });
  }
}

function specOf(image: string, guard: Guard): Docker.ContainerCreateOptions {
  const [interpreter = '', ...args] = commandOf(guard);
  return {
    Image: image,
    Entrypoint: [interpreter],
    Cmd: args,
    User: user,
    OpenStdin: true,
    StdinOnce: true,
    AttachStdin: true,
    AttachStdout: true,
    AttachStderr: true,
    HostConfig: {
      NetworkMode: 'none',
      ReadonlyRootfs: true,
      Tmpfs: { '/tmp': '' },
      CapDrop: ['ALL'],
      SecurityOpt: ['no-new-privileges'],
      Memory: memoryBytes,
      MemorySwap: memoryBytes,
      PidsLimit: pids,
      NanoCpus: 1e9,
      LogConfig: { Type: 'none', Config: {} },
    },
  };
}
