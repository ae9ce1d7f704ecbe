/** What only the image `full` has; image.test.ts has what holds for all. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { fullModules } from '../../src/bundling/needs/image.ts';
import { imageFolder, imageName } from '../../src/sandbox/image.ts';
import { bareImage, lines } from '../support/bare-image.ts';

const image = bareImage(imageName(imageFolder, 'full'));

test('nothing of npm is left, and of git what needs no network', async () => {
  const left =
    '-name npm -o -name node_modules -o -name "*.tgz" -o -name ssh -o -name systemd -not -path /etc/default/systemd';
  const remote = '-name "git-remote-*" -o -name "git-http-*" -o -name git-daemon';
  expect(await image.find(`${left} -o ${remote}`)).toEqual([]);
});

test('the image names its programs', async () => {
  const programs = readFileSync(path.join(imageFolder, 'programs-full'), 'utf8').trim().split('\n');
  expect(lines(await image.inImage('cat /opt/hookpool/programs'))).toEqual(programs);
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
      `python3 -c 'import dotenv, io; print(dotenv.dotenv_values(stream=io.StringIO("a=1"))["a"])'`,
      '1',
    ],
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
  const output = lines(await image.inImage(text, '123456789'));
  expect(output).toEqual(tools.map(([, expected]) => expected));
});
