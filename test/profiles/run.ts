/**
 * `npm run test:profile`: builds a profile on each built-in image with `hookpool image --build`, runs
 * a script in it with the entry that the build prints, and removes the image. A build takes 23 s, so
 * `make nightly` runs it and `make test` does not. Needs the engine, `dist/` and Debian's packages.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

const cli = path.join(import.meta.dirname, '../../dist/cli/main.js');
/** `zip` is what the profile adds; `node` is what `full` has and `small` has not. */
const expected = { small: 'zip', full: 'zip node' } as const;
const folder = mkdtempSync(path.join(tmpdir(), 'hookpool-profile-'));
const script = path.join(folder, 'programs.sh');
writeFileSync(
  script,
  'for one in zip node; do command -v $one >/dev/null && echo $one; done; true',
);

try {
  for (const base of ['small', 'full'] as const) {
    const said = programsOf(base);
    const isRight = said === expected[base];
    console.log(`${isRight ? 'ok  ' : 'FAIL'} a profile on ${base} has: ${said}`);
    if (!isRight) process.exitCode = 1;
  }
} finally {
  rmSync(folder, { recursive: true });
}

/** What the script finds in a profile that was built for it. */
function programsOf(base: keyof typeof expected): string {
  const name = `test-${base}`;
  const build = ['image', '--build', '--profile', name, '--with', 'zip', '--base', base];
  const env = { HOOKPOOL_PROFILES: hookpool(build) };
  const images: readonly { readonly name: string; readonly image: string }[] = JSON.parse(
    hookpool(['image', '--list', '--json'], env),
  );
  const image = images.find((one) => one.name === name)?.image ?? 'none';
  try {
    return hookpool(['exec', '--profile', name, script], env).trim().replaceAll('\n', ' ');
  } finally {
    spawnSync('docker', ['rmi', '-f', image]);
  }
}

function hookpool(args: readonly string[], env: Readonly<Record<string, string>> = {}): string {
  const run = spawnSync(process.execPath, [cli, ...args], {
    ...{ encoding: 'utf8', env: { ...process.env, ...env }, timeout: 600_000 },
  });
  if (run.status === 0) return run.stdout;
  throw new Error(`hookpool ${args.join(' ')} ended with ${run.status}:\n${run.stderr}`);
}
