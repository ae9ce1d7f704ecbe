import { afterAll, beforeAll, expect, it } from 'vitest';
import { type ConsoleUnderTest, openPage } from './browser.ts';
import { evaluate, putSet, seededConsole } from './seeded.ts';

const markup = '<img src=x onerror="document.title=1"><script>document.title=2</script>';
const hostile = `${markup}\u202e\u001b[31mred\u001b]0;title\u0007\u2066${'long'.repeat(1_000)}`;
/** Names have no control characters, and 160 characters at most; those of hooks are plain words. */
const named = (what: string) =>
  `${what}<b>\u202e<img src=x onerror="document.title=1">`.padEnd(160, 'w');
const names = {
  ...{ hook: 'hook'.padEnd(128, 'w'), thread: named('thread'), worker: named('worker') },
  ...{ quarantined: named('script'), onDemand: named('demand') },
};

let under: ConsoleUnderTest;
let id = '';
beforeAll(async () => {
  under = await seededConsole({
    backend: {
      system: async () => ({
        workers: [{ name: names.worker, capacity: 1, running: 0, meanJobMs: 1, readable: true }],
        quarantine: [
          { hash: names.quarantined, until: '2099-01-01', kind: named('kind'), proofs: 2 },
        ],
      }),
      release: async () => false,
    },
  });
  const output = { decision: 'block', reason: hostile, [markup]: '\u202e\u001b[31m' };
  const hook = { name: names.hook, matcher: '<i>|.*', script: `echo ${JSON.stringify(output)}` };
  await putSet(under, 'guards', JSON.stringify({ hooks: { PreToolUse: [hook] } }));
  id = await evaluate(under, '<u>tool\u202e\u001b[31m</u>', { command: hostile }, names.thread);
  await under.app.inject({
    method: 'PUT',
    url: `/v1/threads/${encodeURIComponent(names.thread)}/hooks/${encodeURIComponent(names.onDemand)}`,
  });
});
afterAll(async () => {
  await under.app.close();
});

/** Each page, and hostile texts that it has to show. */
const pages = [
  ['/', ['hookwww', '<img', 'longlong']],
  ['/evaluations', ['hookwww', '<u>tool', 'longlong']],
  [`/evaluations?tool=${encodeURIComponent(named('tool'))}`, ['tool<b>']],
  ['/evaluation/ID', ['hookwww', 'thread<b>', '<u>tool', '<script>', 'OUTPUT', 'longlong']],
  ['/evaluation/missing', ['missing']],
  ['/hook-set/guards', ['hookwww', '<i>|.*']],
  ['/threads', ['thread<b>']],
  [`/threads?prefix=${encodeURIComponent(named('prefix'))}`, ['prefix<b>']],
  [`/threads/${encodeURIComponent(names.thread)}`, ['thread<b>', 'demand<b>']],
  ['/playground?evaluation=ID', []],
  ['/system', ['worker<b>', 'script<b>', 'kind<b>']],
] as const;

/** Marks that turn the direction of a text around, and control characters but line feed and tab. */
const unseen = /[\u200e\u200f\u202a-\u202e\u2066-\u2069]|(?![\n\t])\p{Cc}/u;

it('no page takes hostile names, texts and diagnostics for anything but text', async () => {
  const { page, faults } = await openPage();
  await page.setViewportSize({ width: 360, height: 900 });
  for (const [hash, texts] of pages) {
    await page.goto(`${under.url}/console/#${hash.replace('ID', id)}`);
    await page.waitForFunction(() => !document.body.innerText.includes('Loading …'));
    const main = page.locator('main');
    for (const text of texts) await main.getByText(text).first().waitFor();
    if (hash.includes('playground')) await page.locator('.cm-content').nth(1).waitFor();
    expect(await main.evaluate(foreignIn), hash).toEqual([]);
    expect(await main.evaluate(textsIn), hash).not.toMatch(unseen);
    expect(await page.title(), hash).toContain('hookpool');
    expect(await main.evaluate(sideways), `${hash} scrolls sideways`).toBeLessThanOrEqual(0);
  }
  expect(faults).toEqual([]);
});

it('what the playground and the server say of hostile hooks is text too', async () => {
  const { page, faults } = await openPage();
  await page.goto(`${under.url}/console/#/playground?evaluation=${id}`);
  await page.locator('.cm-content').getByText('longlong').first().waitFor();
  await page.getByRole('button', { name: 'Run in the sandbox' }).click();
  await page.getByText('block by hookwww').waitFor();
  const main = page.locator('main');
  expect(await main.evaluate(foreignIn)).toEqual([]);
  expect(await main.evaluate(textsIn)).not.toMatch(unseen);
  await page.goto(`${under.url}/console/#/system`);
  await page.getByRole('button', { name: /^Release/ }).click();
  await page.getByRole('alert').waitFor();
  expect(await main.evaluate(foreignIn)).toEqual([]);
  expect(await main.evaluate(textsIn)).not.toMatch(unseen);
  expect(faults).toEqual([]);
});

function foreignIn(main: Element): string[] {
  const own = document.querySelectorAll(
    'script:not([src]), body > :not(#console, noscript, script)',
  ).length;
  // `<b>` is also the value of a filter.
  const names = ['img', 'i', 'u', 'script', 'iframe', ':not(.chip) > b'];
  return [
    ...names.filter((name) => main.querySelector(name) !== null),
    ...(own > 0 ? ['page'] : []),
  ];
}

/** What people read of a page and what screen readers are told. Addresses of links are encoded. */
function textsIn(main: HTMLElement | SVGElement): string {
  const told = ['title', 'aria-label', 'placeholder'].flatMap((name) =>
    [...main.querySelectorAll(`[${name}]`)].map((one) => one.getAttribute(name) ?? ''),
  );
  return [main.textContent, ...told].join('\n');
}

function sideways(): number {
  const { scrollWidth, clientWidth } = document.documentElement;
  return scrollWidth - clientWidth;
}
