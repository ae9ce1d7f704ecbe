/**
 * The images of the built-in profiles hold what a job needs, and nothing that a job could turn into
 * more. image-full.test.ts has what is only in `full`.
 */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { bashWords, imageModules } from '../../src/bundling/needs/image.ts';
import { readConfig } from '../../src/config.ts';
import { imageFolder, imageName } from '../../src/sandbox/image.ts';
import { bareImage, lines } from '../support/bare-image.ts';

const megabyte = 1_000_000;
/** Any user but root: what root may do is not the question. */
const jobUser = '123456789';
const small = bareImage(readConfig().image ?? imageName());
const full = bareImage(imageName(imageFolder, 'full'));
const { inImage } = small;

/** Programs that no image has, and those that `full` has of them. */
const unwanted =
  'apt apt-get apt-cache aptitude dpkg dpkg-deb rpm snap pip pip3 conda npm npx ruby lua tclsh gcc g++ cc c++ cpp clang tcc ld as make gdb strace ' +
  'curl wget ssh scp sftp telnet ftp nc ncat netcat socat nmap dig host ping rsync mount umount su sudo passwd chsh chfn newgrp gpasswd';
const ofFull = 'node perl git';

describe.each([
  {
    profile: 'small',
    image: small,
    programs: 'programs',
    megabytes: 200,
    lacks: `${unwanted} ${ofFull}`,
  },
  { profile: 'full', image: full, programs: 'programs-full', megabytes: 350, lacks: unwanted },
])('in the image of $profile', ({ image, programs, megabytes, lacks }) => {
  const find = (condition: string) => image.find(condition);
  test.each([
    ['no file is setuid or setgid', '-type f -perm /6000'],
    ['nothing is writable by all', '-perm -0002 -not -type l'],
    ['everything belongs to root', '-not -user 0 -o -type f -not -group 0'],
    ['nothing is a device, a socket or a pipe', '-type b -o -type c -o -type s -o -type p'],
    [
      'no list, log, cache or page of the package manager is left',
      '-path "/var/lib/apt/*" -o -path "/var/lib/dpkg/*" -o -path "/var/cache/*" -o -path "/var/log/*" -o -path "/usr/share/doc/*" -o -path "/usr/share/man/*"',
    ],
  ])('%s', async (_, condition) => {
    expect(await find(condition)).toEqual([]);
  });

  test('no file has capabilities', async () => {
    const search = `
import os
for folder, folders, files in os.walk('/'):
    if folder == '/': folders[:] = [name for name in folders if name not in ('proc', 'sys', 'dev')]
    for name in files:
        file = os.path.join(folder, name)
        if 'security.capability' in os.listxattr(file, follow_symlinks=False): print(file)
`;
    expect(await image.inImage(`python3 -c "$(cat <<'END'\n${search}\nEND\n)"`)).toBe('');
  });

  test('no program manages packages, users or mounts, compiles, or reaches the network', async () => {
    expect(await image.inImage(`for name in ${lacks}; do type -P $name; done; true`)).toBe('');
    expect(await image.inImage('python3 -c "import pip" 2>&1 || true')).toContain(
      'No module named',
    );
    expect(await image.inImage('python3 -c "import ensurepip" 2>&1 || true')).toContain(
      'No module named',
    );
  });

  test('the programs are those of its list, and no other file can be run', async () => {
    const allowed = lines(readFileSync(path.join(imageFolder, programs), 'utf8'));
    const folders = '/bin /sbin /usr/bin /usr/sbin /usr/local/bin /usr/local/sbin';
    const found = lines(
      await image.inImage(`for folder in ${folders}; do ls -A $folder 2>/dev/null; done; true`),
    );
    expect([...new Set(found)].toSorted()).toEqual(allowed.toSorted());
    expect(
      await image.inImage(`cd /usr/bin; for name in *; do [ -e $name ] || echo $name; done`),
    ).toBe('');
    const elsewhere =
      'find / -xdev -type f -perm /111 -not -path "/proc/*" -not -path "/usr/bin/*" -exec sh -c \'head -c4 "$1" | grep -q ELF && echo "$1"\' - {} \\;';
    const binaries = lines(await image.inImage(`${elsewhere}; true`)).filter(
      (file) =>
        !/\.so(\.|$)|\/awk\/(grcat|pwcat)$|\/git-core\/git(-sh-i18n--envsubst)?$/.test(file),
    );
    expect(binaries.toSorted()).toEqual(['/opt/hookpool/supervisor', '/opt/hookpool/zygote']);
  });

  test('the only user and the only group is root, without a password', async () => {
    expect(
      await image.inImage(
        'cat /etc/passwd /etc/group; ls /etc/shadow /etc/gshadow 2>/dev/null; true',
      ),
    ).toBe('root:x:0:0:root:/:/usr/sbin/nologin\nroot:x:0:\n');
  });

  test('supervisor, zygote and gate belong to root and cannot be changed by a job', async () => {
    const listed = lines(
      await image.inImage('stat -c "%n %U %G %a" /opt/hookpool /opt/hookpool/*'),
    );
    const files = listed.map((line) => line.split(' '));
    expect(files.map(([name]) => name)).toEqual(
      expect.arrayContaining(['/opt/hookpool/supervisor', '/opt/hookpool/zygote']),
    );
    expect(
      files.filter(
        ([, user, group, mode]) =>
          user !== 'root' || group !== 'root' || (Number.parseInt(mode ?? '', 8) & 0o022) > 0,
      ),
    ).toEqual([]);
    const writable =
      'for file in / /opt /opt/hookpool /opt/hookpool/* /bin/bash /usr/bin/python3 /usr/lib/python3*; do [ -w "$file" ] && echo "$file"; done; true';
    expect(await image.inImage(writable, jobUser)).toBe('');
  });

  test('there is one layer, the supervisor as its program, no variable but PATH, and a limited size', async () => {
    const [inspected] = JSON.parse(await image.inspect()) as [
      {
        Size: number;
        Config: {
          Entrypoint: string[];
          Env: string[] | null;
          Volumes: object | null;
          ExposedPorts?: object;
        };
        RootFS: { Layers: string[] };
      },
    ];
    const { Size, Config, RootFS } = inspected;
    expect(Size).toBeLessThan(megabytes * megabyte);
    expect(RootFS.Layers).toHaveLength(1);
    expect(Config.Entrypoint).toEqual(['/opt/hookpool/supervisor']);
    expect((Config.Env ?? []).map((text) => text.split('=')[0])).toEqual(['PATH']);
    expect(Config.Volumes ?? null).toBeNull();
    expect(Config.ExposedPorts ?? null).toBeNull();
  });
});

describe('in the image of small', () => {
  test('the modules and words that hooks are checked against are those of the image', async () => {
    // What the imports print (this does) goes to stderr.
    const search = `
import sys
out, sys.stdout = sys.stdout, sys.stderr
for name in sorted(sys.stdlib_module_names):
    try: name[0] == "_" or (__import__(name), print(name, file=out))
    except ImportError: pass
`;
    const modules = lines(await inImage(`python3 -c '${search}'`));
    expect(modules.toSorted()).toEqual([...imageModules].toSorted());
    const words = lines(await inImage('compgen -b; compgen -k'));
    expect(words.filter((word) => !bashWords.includes(word))).toEqual([]);
  });

  test('the tools of guards work, for a user without a name', async () => {
    const tools = [
      'bash -c "echo bash"',
      'python3 -c "import json, re, ssl, sqlite3, ctypes, subprocess, datetime; print(json.dumps(1))"',
      'echo \'{"a":[1,2]}\' | jq -c .a',
      'echo abc | sed s/b/x/',
      'echo abc | grep -oP "b(?=c)"',
      'echo "1 2" | gawk "{print \\$2}"',
      'printf "b\\na\\n" | sort | head -n1 | tr a z | base64 | cut -c1-4',
      'echo x | sha256sum | wc -c',
      'date -u -d @0 +%Y',
      'echo /etc/passwd | xargs -n1 dirname',
    ];
    const output = await inImage(`set -eo pipefail; ${tools.join('; ')}`, jobUser);
    expect(lines(output)).toEqual([
      'bash',
      '1',
      '[1,2]',
      'axc',
      'b',
      '2',
      'ego=',
      '68',
      '1970',
      '/etc',
    ]);
  });

  test('jq keeps the digits of numbers, and reads 256 arrays in one another and no more', async () => {
    const nested = (levels: number) =>
      `printf '%s%s' ${'['.repeat(levels)} ${']'.repeat(levels)} | jq empty 2>/dev/null; echo $?`;
    const number = '12345678901234567890123';
    expect(lines(await inImage(`echo ${number} | jq .; ${nested(256)}; ${nested(257)}`))).toEqual([
      number,
      '0',
      '5',
    ]);
  });

  test('a built-in function of jq does the same whether all of them are bound or those called', async () => {
    // A program that calls `builtins` has all of them bound, as Debian's jq does for every program.
    const compare = `
names=$(jq -nr 'builtins - ["input_line_number/0", "get_search_list/0", "now/0"] | sort[]')
for name in $names; do
  call=\${name%/*} more='(true'
  for ((at = \${name#*/}; at > 0; at--)); do call+=$more more='; true'; done
  [[ $name == */0 ]] || call+=')'
  program="limit(3; try $call catch .), limit(3; .[] | try $call catch .)"
  called=$(jq -c "$program" <<<'[1, "aB", null, {"key": [2]}, [[3]]]' 2>&1; echo $?)
  all=$(jq -c "(builtins | empty), $program" <<<'[1, "aB", null, {"key": [2]}, [[3]]]' 2>&1; echo $?)
  [[ $called == "$all" ]] && same+=x || printf '%s\\n' "$program" "$called" "$all"
done
echo "\${#same} builtins"
`;
    const [last, ...different] = lines(await inImage(compare)).toReversed();
    expect(different).toEqual([]);
    expect(Number(/^(\d+) builtins$/.exec(last ?? '')?.[1])).toBeGreaterThan(190);
  });

  test('what jq cannot bind it names as ever', async () => {
    const said = (program: string) => inImage(`jq -n '${program}' 2>&1; true`);
    expect(await said('map(nothing)')).toContain('nothing/0 is not defined at <top-level>, line 1');
    expect(await said('map(1; 2)')).toContain('map/2 is not defined at <top-level>, line 1');
    expect(await said('def map(f): 7; [1] | map(.)')).toBe('7\n');
    expect(await said('def builtins: 8; builtins')).toBe('8\n');
  });

  test('the list of packages has those that are linked into jq', async () => {
    const packages = lines(await inImage('cat /opt/hookpool/packages'));
    const found = packages.filter((line) => /^(jq|libonig5)\t/.test(line));
    expect(found.map((line) => line.replace(/\t[\d.]+-\S+\t/, '\tVERSION\t'))).toEqual([
      expect.stringMatching(/^jq\tVERSION\t(amd64|arm64)$/),
      expect.stringMatching(/^libonig5\tVERSION\t(amd64|arm64)$/),
    ]);
    expect(await inImage('ls /usr/lib/*/ | grep -E "^lib(jq|onig)" || true')).toBe('');
  });

  test('C.UTF-8 is in the one file from which a program takes its locale', async () => {
    const script = `
import locale, os
locale.setlocale(locale.LC_ALL, "C.UTF-8")
maps = open("/proc/self/maps").read()
print("locale-archive" in maps, "C.utf8/" in maps)`;
    expect(await inImage(`LC_ALL=C.UTF-8 python3 -c '${script}'`)).toBe('True False\n');
  });
});
