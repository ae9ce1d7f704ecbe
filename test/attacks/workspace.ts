/**
 * A workspace that is as open as a folder can be: everybody may write, and it holds what could lead
 * out of a sandbox.
 */
import { execFileSync } from 'node:child_process';
import { chmodSync, symlinkSync } from 'node:fs';
import net from 'node:net';
import { Workspaces } from '../../src/sandbox/workspace/workspaces.ts';
import { workspaceFolder } from '../support/workspace-folder.ts';

export class AttackedWorkspace {
  readonly path: string;
  readonly workspaces: Workspaces;
  readonly #made = workspaceFolder();
  readonly #server = net.createServer((socket) => socket.end('host'));

  private constructor() {
    this.path = this.#made.folder('app');
    this.workspaces = new Workspaces([this.path]);
    this.#made.file('app/note.txt', 'note', 0o666);
    this.#made.file('app/program.sh', '#!/bin/bash\n', 0o777);
    this.#made.file('outside/secret.txt', 'secret', 0o666);
    symlinkSync(`${this.#made.path}/outside/secret.txt`, `${this.path}/link`);
    symlinkSync('..', `${this.path}/up`);
    for (const name of ['app', 'app/sub', 'outside']) chmodSync(this.#made.folder(name), 0o777);
    if (process.getuid?.() === 0) this.#makeDevices();
  }

  static async open(): Promise<AttackedWorkspace> {
    const workspace = new AttackedWorkspace();
    const socket = `${workspace.path}/socket`;
    await new Promise<void>((resolve) => workspace.#server.listen(socket, resolve));
    chmodSync(socket, 0o777);
    return workspace;
  }

  async close(): Promise<void> {
    await new Promise((resolve) => this.#server.close(resolve));
    this.#made.remove();
  }

  /** The memory and the log of the kernel. */
  #makeDevices(): void {
    execFileSync('mknod', ['-m', '666', `${this.path}/memory`, 'c', '1', '1']);
    execFileSync('mknod', ['-m', '666', `${this.path}/log`, 'c', '1', '11']);
  }
}
