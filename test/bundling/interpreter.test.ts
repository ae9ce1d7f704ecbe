import { expect, it } from 'vitest';
import { interpreterOf } from '../../src/bundling/interpreter.ts';

const of = (text: string) =>
  interpreterOf({ path: 'x', executable: true, content: Buffer.from(text, 'latin1') });

it.each([
  ['echo', { runtime: 'bash', isPlain: true, starter: ['bash'] }],
  ['', { runtime: 'bash', isPlain: true, starter: ['bash'] }],
  ['#!/bin/bash\n', { runtime: 'bash', isPlain: true, starter: ['/bin/bash'] }],
  ['#! /usr/bin/env bash', { runtime: 'bash', isPlain: true, starter: ['/usr/bin/env', 'bash'] }],
  ['#!/bin/bash -e\n', { runtime: 'bash', isPlain: false, starter: ['/bin/bash', '-e'] }],
  ['#!/bin/sh\n', { runtime: 'bash', isPlain: false, starter: ['/bin/sh'] }],
  [
    '#!/usr/bin/env python3\n',
    { runtime: 'python3', isPlain: true, starter: ['/usr/bin/env', 'python3'] },
  ],
  [
    '#!/usr/bin/env -S python3 -u\n',
    { runtime: 'python3', isPlain: false, starter: ['/usr/bin/env', '-S python3 -u'] },
  ],
  ['#!/usr/bin/jq -f\n', { isPlain: false, starter: ['/usr/bin/jq', '-f'] }],
  [
    '#!/usr/bin/env python\n',
    {
      isPlain: false,
      problem: expect.stringContaining(
        "python, which is not in the sandbox's image: write python3",
      ),
    },
  ],
  [
    '#!/usr/bin/env ruby\n',
    {
      isPlain: false,
      starter: ['/usr/bin/env', 'ruby'],
      lacking: 'ruby',
      problem: "is run by ruby, which is not in the sandbox's image.",
    },
  ],
  ['#!\n', { isPlain: false, problem: expect.stringContaining('not in') }],
  [
    '#!/bin/bash\r\nexit',
    { isPlain: false, problem: expect.stringContaining('has Windows line ends') },
  ],
  ['\x7FELF\x02', { isPlain: false }],
])('%j', (text, expected) => {
  expect(of(text)).toEqual(expected);
});
