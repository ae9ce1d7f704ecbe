/** An image without a supervisor, a tmpfs or a network: what is in it, and how it runs. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

export function bareImage(image: string) {
  /** One bash text. */
  const inImage = (text: string, user = '0') => {
    const options = ['--rm', '--network=none', '--log-driver=none', `--user=${user}`];
    return docker(['run', ...options, '--entrypoint=/bin/bash', image, '-c', text]);
  };
  return {
    inImage,
    /**
     * As root, so that no folder is closed to the search; engines put /proc, /sys, /dev and three
     * files of /etc there.
     */
    find: async (condition: string) =>
      lines(
        await inImage(
          `find / -xdev \\( -path /proc -o -path /sys -o -path /dev \\) -prune -o \\( ${condition} \\) -print`,
        ),
      ),
    /** JSON of the engine. */
    inspect: () => docker(['image', 'inspect', image]),
  };
}

export function lines(text: string): string[] {
  return text.split('\n').filter((line) => line !== '');
}

async function docker(args: readonly string[]): Promise<string> {
  const { stdout } = await promisify(execFile)('docker', args, {
    maxBuffer: 64 << 20,
    timeout: 50_000,
  });
  return stdout;
}
