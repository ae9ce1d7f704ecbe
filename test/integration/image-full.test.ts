/** The image `full` has more programs than `small`, and no more rights or leftovers. */
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { fullModules } from '../../src/bundling/needs/image.ts';
import { imageFolder, imageName } from '../../src/sandbox/image.ts';

const image = imageName(imageFolder, 'full');
const megabyte = 1_000_000;

async function docker(args: readonly string[]): Promise<string> {
  const { stdout } = await promisify(execFile)('docker', args, {
    maxBuffer: 64 << 20,
    timeout: 50_000,
  });
  return stdout;
}

/** One bash text in the bare image, with no supervisor and no network. */
async function inImage(text: string, user: string): Promise<string[]> {
  const options = ['--rm', '--network=none', '--log-driver=none', `--user=${user}`];
  const output = await docker(['run', ...options, '--entrypoint=/bin/bash', image, '-c', text]);
  return output.split('\n').filter((line) => line !== '');
}

test('no file has more rights, and nothing of the package managers is left', async () => {
  const search = (condition: string) =>
    `find / -xdev \\( -path /proc -o -path /sys -o -path /dev \\) -prune -o \\( ${condition} \\) -print`;
  const conditions = [
    '-type f -perm /6000',
    '-perm -0002 -not -type l',
    '-not -user 0 -o -type f -not -group 0',
    '-type b -o -type c -o -type s -o -type p',
    '-path "/var/lib/*" -type f -o -path "/var/cache/*" -o -path "/var/log/*" -o -path "/usr/share/doc/*"',
    '-name npm -o -name node_modules -o -name "*.tgz" -o -name ssh -o -name systemd -not -path /etc/default/systemd',
    '-name "git-remote-*" -o -name "git-http-*" -o -name git-daemon',
  ];
  expect(await inImage(conditions.map(search).join('; '), '0')).toEqual([]);
});

test('the programs are those of sandbox-images/programs-full, and no other file can be run', async () => {
  const [listed, found, broken, elsewhere] = [
    'cat /opt/hookpool/programs',
    'for folder in /bin /sbin /usr/bin /usr/sbin /usr/local/bin; do ls -A $folder 2>/dev/null; done | LC_ALL=C sort -u',
    'cd /usr/bin; for name in *; do [ -e $name ] || echo $name; done',
    'find / -xdev -type f -perm /111 -not -path "/proc/*" -not -path "/usr/bin/*" -exec sh -c \'head -c4 "$1" | grep -q ELF && echo "$1"\' - {} \\; | grep -v "\\.so"',
  ].map((line) => `echo "== ${line.length}"; ${line}`);
  const parts: string[][] = [];
  for (const line of await inImage([listed, found, broken, elsewhere].join('; '), '0'))
    if (line.startsWith('== ')) parts.push([]);
    else parts.at(-1)?.push(line);
  const programs = readFileSync(path.join(imageFolder, 'programs-full'), 'utf8').trim().split('\n');
  expect(parts[0]).toEqual(programs);
  expect(parts[1]).toEqual(programs);
  expect(parts[2]).toEqual([]);
  expect(parts[3]?.toSorted()).toEqual([
    '/opt/hookpool/supervisor',
    '/opt/hookpool/zygote',
    '/usr/lib/git-core/git',
    '/usr/lib/git-core/git-sh-i18n--envsubst',
    '/usr/lib/x86_64-linux-gnu/awk/grcat',
    '/usr/lib/x86_64-linux-gnu/awk/pwcat',
  ]);
});

test('the tools and modules work, for a user without a name and without a network', async () => {
  const tools: readonly (readonly [line: string, output: string])[] = [
    ['node -p \'typeof fetch + process.versions.node.split(".")[0]\'', 'function24'],
    ['echo "let x: number = 1; console.log(x)" | node --input-type=module-typescript -', '1'],
    ['git -C / --version | cut -d" " -f1-2', 'git version'],
    ['perl -MJSON::PP -MData::Dumper -e "print 6*7, qq(\\n)"', '42'],
    ['echo "2^70" | bc', '1180591620717411303424'],
    ['echo ab | xxd -p', '61620a'],
    ['file -b --mime-type /bin/bash', 'application/x-pie-executable'],
    ['ps -o comm= -p $$', 'bash'],
    ['uuidgen | tr "0-9a-f" x', 'xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx'],
    ['printf x | openssl dgst -sha1 -r | cut -c1-8', '11f6ad8e'],
    ['echo abc | rg -o "b."', 'bc'],
    ['printf "a b\\nc d\\n" | column -t | wc -l', '2'],
    [
      `python3 -c 'import yaml; print(yaml.safe_load("a: [1]"), yaml.__with_libyaml__)'`,
      "{'a': [1]} True",
    ],
    [`python3 -c 'import requests; print(requests.Request("GET", "http://x").url)'`, 'http://x'],
    [
      `python3 -c 'import importlib; print(*(importlib.import_module(n).__name__ for n in ${JSON.stringify(fullModules)}))'`,
      fullModules.join(' '),
    ],
  ];
  const text = tools.map(([line]) => line).join('; ');
  expect(await inImage(text, '123456789')).toEqual(tools.map(([, output]) => output));
});

test('the image starts the supervisor, has one layer and less than 350 MB', async () => {
  const [inspected] = JSON.parse(await docker(['image', 'inspect', image])) as [
    { Size: number; Config: { Entrypoint: string[] }; RootFS: { Layers: string[] } },
  ];
  expect(inspected.Size).toBeLessThan(350 * megabyte);
  expect(inspected.RootFS.Layers).toHaveLength(1);
  expect(inspected.Config.Entrypoint).toEqual(['/opt/hookpool/supervisor']);
});
