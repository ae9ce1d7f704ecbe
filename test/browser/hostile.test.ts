import { afterAll, beforeAll, expect, it } from 'vitest';
import { type ConsoleUnderTest, openPage } from './browser.ts';
import { evaluate, putSet, seededConsole } from './seeded.ts';

const hostile =
  '<img src=x onerror="document.title=1"><script>document.title=2</script>\u202e\u001b[31mred';

let under: ConsoleUnderTest;
let id = '';
beforeAll(async () => {
  under = await seededConsole();
  await putSet(
    under,
    'guards',
    JSON.stringify({
      hooks: {
        PreToolUse: [
          {
            name: 'hostile',
            matcher: '<i>|.*',
            script: `echo ${JSON.stringify({ decision: 'block', reason: hostile })}`,
          },
        ],
      },
    }),
  );
  id = await evaluate(under, '<u>tool\u202e</u>', { command: hostile });
});
afterAll(async () => {
  await under.app.close();
});

it.each([
  '#/',
  '#/evaluations',
  '#/evaluation/ID',
  '#/hook-set/guards',
  '#/playground?evaluation=ID',
])('%s shows what a hostile script wrote as text', async (hash) => {
  const { page, faults } = await openPage();
  await page.goto(`${under.url}/console/${hash.replace('ID', id)}`);
  await page.getByText('hostile').first().waitFor();
  await page.waitForFunction(() => !document.body.innerText.includes('Loading …'));
  const foreign = await page.evaluate(() => {
    const names = ['img', 'b', 'i', 'u', 'script:not([src])', 'iframe'];
    return names.filter((name) => document.querySelector(`main ${name}`) !== null);
  });
  expect(foreign).toEqual([]);
  expect(await page.title()).toContain('hookpool');
  expect(await page.locator('main').innerText()).not.toContain('\u202e');
  expect(faults).toEqual([]);
});
