import { expect, it } from 'vitest';
import { type Arguments, type Command, exitCodes, parseArguments } from '../../src/cli/command.ts';

const command: Command = {
  usage: 'hookpool sample',
  options: {
    event: { type: 'string', short: 'e' },
    json: { type: 'boolean' },
    active: { type: 'string', multiple: true },
    limit: { type: 'string' },
  },
  run: async () => exitCodes.ok,
};

function parse(...argv: string[]): Arguments {
  return parseArguments(command, argv);
}

const usage = expect.objectContaining({ name: 'InvalidInputError', code: 'INVALID_USAGE' });

it('exit code 2 means block, and mistakes have codes of their own', () => {
  expect(exitCodes).toEqual({
    ok: 0,
    failed: 1,
    block: 2,
    usage: 64,
    bug: 70,
    unavailable: 75,
    interrupted: 130,
  });
});

it('texts, flags, lists and positionals are told apart', () => {
  const args = parse(
    'a.yaml',
    '--event',
    'Stop',
    '--json',
    '--active',
    'x',
    'b.yaml',
    '--active=y',
  );
  expect(args.positionals).toEqual(['a.yaml', 'b.yaml']);
  expect([args.text('event'), args.flag('json'), args.list('active')]).toEqual([
    'Stop',
    true,
    ['x', 'y'],
  ]);
});

it('what was not given is undefined, false or empty', () => {
  const args = parse();
  expect([
    args.text('event'),
    args.flag('json'),
    args.list('active'),
    args.number('limit', 0, 1),
  ]).toEqual([undefined, false, [], undefined]);
  expect(args.oneOf('event', ['Stop'])).toBeUndefined();
});

it('an option asked for as another kind is as if it was not given', () => {
  const args = parse('--json', '--event', 'Stop', '--active', 'x');
  expect([args.text('json'), args.flag('event'), args.list('event'), args.text('active')]).toEqual([
    undefined,
    false,
    [],
    undefined,
  ]);
});

it.each([['--help'], ['-h']])('%s is known to every command', (option) => {
  expect(parse(option).flag('help')).toBe(true);
});

it('what follows -- is positional', () => {
  expect(parse('--', '--json').positionals).toEqual(['--json']);
});

it.each([['--nope'], ['-x'], ['--event'], ['--json=yes'], ['--event', '--json']])(
  '%s %s is a mistake in usage',
  (...argv) => {
    expect(() => parse(...argv)).toThrow(usage);
  },
);

it.each([
  ['1', 1],
  ['100', 100],
  ['2.5', 2.5],
  [' 7 ', 7],
  ['1e2', 100],
])('the number %j is %d', (text, value) => {
  expect(parse(`--limit=${text}`).number('limit', 1, 100)).toBe(value);
});

it.each(['0', '101', '-1', '', ' ', 'ten', '5s', 'NaN', 'Infinity', '1,5'])(
  'the number %j is refused',
  (text) => {
    expect(() => parse(`--limit=${text}`).number('limit', 1, 100)).toThrow(usage);
  },
);

it('of several words only a listed one is taken, in its own spelling', () => {
  expect(parse('--event', 'Stop').oneOf('event', ['Start', 'Stop'])).toBe('Stop');
  expect(() => parse('--event', 'stop').oneOf('event', ['Start', 'Stop'])).toThrow(usage);
});

it('a required option is given or refused', () => {
  expect(parse('--event', '').required('event')).toBe('');
  expect(() => parse().required('event')).toThrow(usage);
  expect(() => parse().required('event')).toThrow(/--event/);
});
