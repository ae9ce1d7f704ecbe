import { describe, expect, it } from 'vitest';
import { consoleLine, consoleSummary } from '../../../src/cli/hook-tests/console-report.ts';
import { failureText } from '../../../src/cli/hook-tests/failure-text.ts';
import { jsonReport } from '../../../src/cli/hook-tests/json-report.ts';
import { junitReport } from '../../../src/cli/hook-tests/junit-report.ts';
import { asFailure, count, exitCodeOf, type Outcome } from '../../../src/cli/hook-tests/result.ts';
import { tapReport } from '../../../src/cli/hook-tests/tap-report.ts';
import { goodReport, mixedReport, sampleDecision, sampleResult } from './samples.ts';

const shown = `a "b" 'c' <d> & ]]> # not a comment \\ red \uD800 \uFFFF`;
const xml = 'a &quot;b&quot; &apos;c&apos; &lt;d&gt; &amp; ]]&gt;';
const noCoverage = { ...goodReport, unreached: undefined };

describe('the exit code', () => {
  it.each<[Outcome[], number]>([
    [['passed', 'passed'], 0],
    [['passed', 'failed'], 1],
    [['failed', 'skipped'], 1],
    [['failed', 'error'], 75],
    [[], 0],
  ])('of %j is %i', (outcomes, code) => {
    expect(exitCodeOf(outcomes.map((outcome) => sampleResult({ outcome })))).toBe(code);
  });
});

describe('further runs of a case', () => {
  const repeated = { runs: 20, held: 19, rate: 0.95 };
  const injected = { runs: 42, changed: [{ id: 'judge-approved', decision: 'none' }] };
  const result = sampleResult({ outcome: 'failed', repeated, injected });
  const report = { ...goodReport, results: [result] };

  it('are in its line, as a rate and as the texts that did not change the decision', () => {
    expect(consoleLine(result, result.file, false)).toBe(
      '  FAIL  one  4.3 ms  rate 0.95 of 20 runs  stays with 41 of 42 injections\n',
    );
  });

  it('are in the reports for programs', () => {
    expect(JSON.parse(jsonReport(report))).toMatchObject({ cases: [{ repeated, injected }] });
    const tap = tapReport(report);
    expect(tap).toContain(`  repeated: ${JSON.stringify(repeated)}\n`);
    expect(tap).toContain(`  injected: ${JSON.stringify(injected)}\n`);
    expect(junitReport(report)).toContain(
      ['runs=20', 'held=19', 'rate=0.95', 'injections=42', 'changedBy=judge-approved']
        .map((pair) => pair.split('='))
        .map(([name, value]) => `        <property name="${name}" value="${value}"/>\n`)
        .join(''),
    );
  });

  it('of a case that passed are properties of its element too', () => {
    const passed = sampleResult({ repeated });
    expect(junitReport({ ...goodReport, results: [passed] })).toMatch(
      /time="0\.004250">\n {6}<properties>\n( {8}<property .*\n){3} {6}<\/properties>\n {4}<\/testcase>/,
    );
  });
});

describe('the text of a failure', () => {
  it('has what was expected, how each hook ended, and its stderr without control sequences', () => {
    expect(failureText(mixedReport.results[1] as never)).toEqual([
      `reason: expected rm, got ${shown}`,
      'guard: exited 1, block by HOOK_EXIT_CODE: The script exited with 1.',
      '  stderr| Traceback:',
      `  stderr|   a "b" 'c' <d> & ]]> # not a comment \\  red \uD800 \uFFFF`,
      '  stderr| ...',
    ]);
  });

  it('is empty for a case that passed or was not run', () => {
    expect(failureText(sampleResult())).toEqual([]);
    expect(failureText(mixedReport.results[3] as never)).toEqual([]);
  });

  it('says that no hook matched, and keeps a long stderr short', () => {
    expect(failureText(sampleResult({ outcome: 'failed', decision: sampleDecision([]) }))).toEqual([
      'No hook matched.',
    ]);
    const [one] = sampleDecision().results as [
      NonNullable<ReturnType<typeof sampleDecision>['results'][0]>,
    ];
    const facts = { ...(one.facts as NonNullable<typeof one.facts>), stderrHead: 'x\n'.repeat(20) };
    const lines = failureText(
      sampleResult({ outcome: 'failed', decision: sampleDecision([{ ...one, facts }]) }),
    );
    expect(lines.at(-1)).toBe('  stderr| … 8 more lines');
    expect(lines).toHaveLength(14);
  });
});

describe('the console', () => {
  it('names a file once and its cases below, in colour on a terminal only', () => {
    expect(consoleLine(sampleResult(), undefined, false)).toBe(
      'a.hooktest.yaml\n  ok    one  4.3 ms\n',
    );
    expect(consoleLine(sampleResult({ outcome: 'failed' }), 'a.hooktest.yaml', false)).toBe(
      '  FAIL  one  4.3 ms\n',
    );
    expect(consoleLine(mixedReport.results[3] as never, 'b.hooktest.yaml', false)).toBe(
      '  skip  last\n',
    );
    expect(consoleLine(sampleResult(), 'a.hooktest.yaml', true)).toContain('\u001b[32mok');
  });

  it('ends with the failures and their places, the hooks that no case runs, and the counts', () => {
    const text = consoleSummary(mixedReport, false);
    expect(text).toContain(`\nFAIL a.hooktest.yaml:7: ${shown}\n  reason: expected rm, got`);
    expect(text).toContain(
      '\nERROR b.hooktest.yaml:4: one\n  guard could not be run: gone (SANDBOX_LOST)\n',
    );
    expect(text).toContain('No case runs these hooks:\n  b.yaml:12: Stop Stop[0]\n');
    expect(text.endsWith('\n1 passed, 1 failed, 1 could not be run, 1 not run (1.23 s)\n')).toBe(
      true,
    );
    // biome-ignore lint/suspicious/noControlCharactersInRegex: that is what must not be there
    expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f]/);
  });

  it('says little when all is well', () => {
    expect(consoleSummary(goodReport, false)).toBe('\n1 passed, 0 failed (0.01 s)\n');
    expect(consoleSummary(noCoverage, false)).toBe('\n1 passed, 0 failed (0.01 s)\n');
  });

  it('lists the slowest cases, slowest first', () => {
    const results = [1, 40, 3, 200, 5].map((durationMs) =>
      sampleResult({ durationMs, name: `n${durationMs}` }),
    );
    const text = consoleSummary({ ...goodReport, results }, false);
    expect(text.match(/n\d+/g)).toEqual(['n200', 'n40', 'n5']);
  });
});

describe('TAP', () => {
  const lines = tapReport(mixedReport).split('\n');

  it('has a version, a plan, and a point per case', () => {
    expect(lines.slice(0, 2)).toEqual(['TAP version 14', '1..4']);
    expect(lines.filter((line) => /^(not )?ok /.test(line))).toEqual([
      'ok 1 - a.hooktest.yaml: one',
      `not ok 2 - a.hooktest.yaml: ${shown.replace('\\', '\\\\').replace('#', '\\#')}`,
      'not ok 3 - b.hooktest.yaml: one',
      'ok 4 - b.hooktest.yaml: last # SKIP an earlier case failed',
    ]);
    expect(lines.at(-2)).toBe('# no case runs b.yaml:12: Stop Stop[0]');
  });

  it('no text of a script ends a block: every line in it is indented, and the ends are ours', () => {
    const blocks = lines.filter((line) => !/^(not )?ok |^TAP|^1\.\.|^#|^$/.test(line));
    expect(blocks.every((line) => line.startsWith('  '))).toBe(true);
    expect(lines.filter((line) => line.trim() === '...')).toHaveLength(3);
    expect(lines).toContain('  at: "a.hooktest.yaml:7"');
    expect(lines).toContain('  duration_ms: 12');
  });

  it('a report without coverage says nothing about it', () => {
    expect(tapReport(noCoverage)).not.toContain('#');
  });
});

describe('JUnit', () => {
  const text = junitReport(mixedReport);

  it('counts in the whole and in each file', () => {
    expect(text).toContain(
      '<testsuites name="hookpool test" tests="4" failures="1" errors="1" skipped="1" time="1.234000">',
    );
    expect(text).toContain(
      '<testsuite name="a.hooktest.yaml" tests="2" failures="1" errors="0" skipped="0" time="0.016250">',
    );
    expect(text).toContain(
      '<testsuite name="b.hooktest.yaml" tests="2" failures="0" errors="1" skipped="1" time="0.004250">',
    );
  });

  it('has a place and a time for each case, and nothing inside one that passed', () => {
    expect(text).toContain(
      '<testcase classname="a.hooktest.yaml" name="one" file="a.hooktest.yaml" line="3" time="0.004250"/>',
    );
    expect(text).toContain('<skipped message="an earlier case failed"/>');
    expect(text).toContain('<error message="guard could not be run: gone (SANDBOX_LOST)">');
  });

  it('escapes everything, and shows what XML cannot hold as a replacement character', () => {
    expect(text).toContain(
      `name="${xml} # not a comment \\ \uFFFD\uFFFD[31mred\uFFFD[0m \uFFFD \uFFFD"`,
    );
    expect(text).toContain(`<failure message="reason: expected rm, got ${xml}`);
    expect(text).not.toMatch(/&(?!(amp|lt|gt|quot|apos|#\d+);)/);
  });

  it('line ends in an attribute are written out', () => {
    const results = [sampleResult({ name: 'a\nb\tc\rd' })];
    expect(junitReport({ ...goodReport, results })).toContain('name="a&#10;b&#9;c&#13;d"');
  });
});

describe('JSON', () => {
  it('has the counts, every result, and the hooks that no case runs', () => {
    const { cases, unreachedHooks, ...rest } = JSON.parse(jsonReport(mixedReport));
    expect(rest).toEqual({ v: 1, passed: 1, failed: 1, errors: 1, skipped: 1, durationMs: 1234 });
    expect(cases).toHaveLength(4);
    expect(cases[1]).toMatchObject({
      file: 'a.hooktest.yaml',
      line: 7,
      outcome: 'failed',
      decision: { decision: 'block' },
    });
    expect(unreachedHooks).toEqual(mixedReport.unreached);
    expect(JSON.parse(jsonReport(noCoverage)).unreachedHooks).toBeNull();
  });
});

it('an unreached hook as a failure stands where the hook stands', () => {
  const failure = asFailure({ file: 'b.yaml', line: 12, event: 'Stop', hook: 'end' });
  expect(failure).toMatchObject({
    file: 'b.yaml',
    line: 12,
    name: 'the Stop hook end is tested',
    outcome: 'failed',
  });
  expect(failureText(failure)).toEqual(['coverage: expected a case that runs this hook, got none']);
  expect(count([failure]).failed).toBe(1);
});
