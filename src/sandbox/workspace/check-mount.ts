/**
 * Compares what a new sandbox sees at the path of its workspace with the folder that the operator's
 * roots hold. The engine follows links when it mounts, so a folder that was replaced by a link after
 * the look-up would be mounted from outside of the roots.
 */
import { messageOf, SandboxError } from '../../errors.ts';
import { type RunResult, runtimes } from '../../protocol/run.ts';
import type { Sandbox } from '../sandbox.ts';
import type { FolderIdentity } from './workspaces.ts';

const limits = { timeoutMs: 10_000, stdoutBytes: 4096, stderrBytes: 4096 };

/** Prints what stat(2) says of the folder, and the options of each mount at its path or below. */
function probe(path: string): string {
  return `import json, os
path = ${JSON.stringify(path)}
seen = os.stat(path)
points = [line.split(' ', 6)[4:6] for line in open('/proc/self/mountinfo')]
points = [(point.encode().decode('unicode_escape').encode('latin1').decode(errors='replace'), options) for point, options in points]
mounts = [options for point, options in points if point == path or point.startswith(path + '/')]
print(json.dumps([str(seen.st_dev), str(seen.st_ino), str(seen.st_ctime_ns), mounts]))
`;
}

/**
 * @param gvisor there a folder has numbers of its own inside, but the time of its last change is
 * that of the host.
 * @throws SandboxError `WORKSPACE_FAILED` when the sandbox sees another folder, or one that it could
 * change
 */
export async function checkMount(
  sandbox: Pick<Sandbox, 'run' | 'ready'>,
  path: string,
  expected: FolderIdentity,
  gvisor: boolean,
): Promise<void> {
  const run = await sandbox.run({
    runtime: runtimes[1],
    script: Buffer.from(probe(path)),
    stdin: Buffer.alloc(0),
    limits,
  });
  const [device, inode, changedNs, mounts] = answerOf(run, path);
  const isSame = gvisor
    ? changedNs === String(expected.changedNs)
    : device === String(expected.device) && inode === String(expected.inode);
  if (!isSame) throw failed(path, 'it was replaced while it was mounted');
  const [options = '', ...more] = mounts;
  if (more.length > 0 || !options.split(',').includes('ro'))
    throw failed(path, 'the sandbox did not get it read-only');
  if (!(await sandbox.ready())) throw failed(path, 'the sandbox was not clean after a look at it');
}

type Answer = readonly [device: string, inode: string, changedNs: string, mounts: string[]];

function answerOf({ status, exitCode, stdout, stderr }: RunResult, path: string): Answer {
  if (status !== 'exited' || exitCode !== 0) {
    const why = Buffer.from(stderr).toString().trim().split('\n').at(-1);
    throw failed(path, `the sandbox cannot look at it (${status}: ${why})`);
  }
  try {
    return JSON.parse(Buffer.from(stdout).toString()) as Answer;
  } catch (error) {
    throw failed(path, `the sandbox says nothing of it (${messageOf(error)})`);
  }
}

function failed(path: string, why: string): SandboxError {
  return new SandboxError('WORKSPACE_FAILED', `The workspace ${path} cannot be used: ${why}.`);
}
