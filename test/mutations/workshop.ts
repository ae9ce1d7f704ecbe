/**
 * A copy of the checkout in which a defence can be taken away, and images of it. The checkout
 * itself is never written.
 */
import { execFile } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import type { Edit } from './mutation.ts';

const checkout = path.join(import.meta.dirname, '../..');
const imageTag = `hookpool-mutant/sandbox:${process.pid}`;
const checkLimitMs = 240_000;
const buildLimitMs = 300_000;
const run = promisify(execFile);

export interface Checked {
  readonly failed: boolean;
  /** Standard output and error of the check. */
  readonly output: string;
}

export class Workshop {
  readonly #folder = mkdtempSync(path.join(tmpdir(), 'hookpool-mutant-'));
  readonly #image: string;
  readonly #originals = new Map<string, string>();

  private constructor(image: string) {
    this.#image = image;
  }

  static async open(image: string): Promise<Workshop> {
    const workshop = new Workshop(image);
    const { stdout } = await run(
      'git',
      ['ls-files', '--cached', '--others', '--exclude-standard'],
      { cwd: checkout },
    );
    for (const file of new Set(stdout.split('\n').filter(Boolean))) {
      cpSync(path.join(checkout, file), path.join(workshop.#folder, file), { force: true });
    }
    symlinkSync(path.join(checkout, 'node_modules'), path.join(workshop.#folder, 'node_modules'));
    return workshop;
  }

  /**
   * Undoes the last edits, then makes these. @throws Error when a text is not there exactly once.
   */
  apply(edits: readonly Edit[]): void {
    this.restore();
    for (const { file, find, replace } of edits) {
      const place = path.join(this.#folder, file);
      const before = readFileSync(place, 'utf8');
      if (!this.#originals.has(file)) this.#originals.set(file, before);
      const count = before.split(find).length - 1;
      if (count !== 1)
        throw new Error(
          `${file} has ${JSON.stringify(find)} ${count} times; a mutation needs it once.`,
        );
      writeFileSync(
        place,
        before.replace(find, () => replace),
      );
    }
  }

  restore(): void {
    for (const [file, text] of this.#originals) writeFileSync(path.join(this.#folder, file), text);
    this.#originals.clear();
  }

  /** The image for the present edits: built anew only where the supervisor changed. */
  async image(): Promise<string> {
    if (![...this.#originals.keys()].some((file) => file.startsWith('sandbox-images/supervisor/')))
      return this.#image;
    const folder = path.join(this.#folder, 'sandbox-images');
    const [buildStage] = readFileSync(path.join(folder, 'Dockerfile'), 'utf8').split(
      /^FROM \$\{BASE\} AS rootfs$/m,
    );
    const recipe = `${buildStage}\nFROM ${this.#image}\nCOPY --from=build /out /opt/hookpool\n`;
    writeFileSync(path.join(folder, 'Dockerfile.mutant'), recipe);
    const options = [
      'build',
      '-q',
      '--force-rm',
      '-t',
      imageTag,
      '-f',
      path.join(folder, 'Dockerfile.mutant'),
    ];
    const base =
      process.env['HOOKPOOL_BASE'] ??
      (await firstImage(['debian:trixie-slim', 'hookpool/base:trixie']));
    await run('docker', [...options, '--network=host', '--build-arg', `BASE=${base}`, folder], {
      timeout: buildLimitMs,
    });
    return imageTag;
  }

  /** Runs a program of node_modules in the copy. */
  async check(program: string, args: readonly string[], image: string): Promise<Checked> {
    const file = path.join('node_modules', program);
    const env = { ...process.env, HOOKPOOL_IMAGE: image, CI: '1', NO_COLOR: '1', FORCE_COLOR: '0' };
    try {
      const { stdout, stderr } = await run(process.execPath, [file, ...args], {
        cwd: this.#folder,
        env,
        timeout: checkLimitMs,
        maxBuffer: 64 << 20,
      });
      return { failed: false, output: `${stdout}${stderr}` };
    } catch (error) {
      const { stdout = '', stderr = '' } = error as { stdout?: string; stderr?: string };
      return { failed: true, output: `${stdout}${stderr}` };
    }
  }

  async close(): Promise<void> {
    rmSync(this.#folder, { recursive: true, force: true });
    await run('docker', ['rmi', '-f', imageTag]).catch(() => undefined);
  }
}

async function firstImage(names: readonly string[]): Promise<string> {
  for (const name of names) {
    const there = await run('docker', ['image', 'inspect', name]).then(
      () => true,
      () => false,
    );
    if (there) return name;
  }
  throw new Error(`The engine has none of ${names.join(', ')}: run \`make image\` first.`);
}
