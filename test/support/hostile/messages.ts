/** Messages of the queue, and scripts of hooks. */
import type { Shapes } from './shapes.ts';
import { jsonShapes } from './values.ts';

const durations = '{"queueMs":0,"leaseMs":0,"runMs":0,"totalMs":0}';
const result = (diagnostics: string) =>
  `{"v":1,"hook":"guard","tier":"agent","event":"Stop","decision":"none","cause":{"kind":"output"},"facts":null,` +
  `"durations":${durations},"diagnostics":${diagnostics}}`;
const run = (stdout: string) =>
  `{"v":1,"kind":"run","status":"exited","exitCode":0,"signal":null,"stdoutBase64":${stdout},"stderrBase64":"",` +
  `"stdoutTotalBytes":0,"stderrTotalBytes":0,"oomKills":0,"wallMs":0,"cpuMs":0,"leaseMs":0,"ranIn":{"container":"x"}}`;
const job = (hook: string) =>
  `{"v":1,"evaluationId":"x","attempt":1,"dialect":"azure","hook":${hook},"tenant":"t","isolation":"tenant",` +
  `"context":"{}","budgetMs":1}`;

/** Messages in the queue. */
export const messageShapes: Shapes = {
  'diagnostics of a result': (n) =>
    result(`[${'{"code":"x","message":"y"},'.repeat(n)}{"code":"x","message":"y"}]`),
  'diagnostics of another type': (n) => result(`[${'0,'.repeat(n)}0]`),
  'output of a run': (n) => run(`"${'eHh4'.repeat(n)}"`),
  'output of a run that is no base64': (n) => run(`"${'eHh4'.repeat(n)}!"`),
  'a hook of keys': (n) => job(`{${'"k":0,'.repeat(n)}"k":0}`),
  'a hook with a long name': (n) => job(`{"name":"${'x'.repeat(n)}"}`),
  ...jsonShapes,
};

/** Scripts of a hook. */
export const scriptShapes: Shapes = {
  lines: (n) => 'exit 2\n'.repeat(n),
  'lines with carriage returns': (n) => 'exit 2\r\n'.repeat(n),
  'carriage returns': (n) => '\r'.repeat(n),
  blanks: (n) => ' '.repeat(n),
  'blanks before a first line': (n) => `${' '.repeat(n)}x #!/bin/bash\n`,
  'blanks in a first line': (n) => `#!/bin/bash${' '.repeat(n)}x\n`,
  'blanks before an interpreter': (n) => `#!${' '.repeat(n)}/bin/bash\n`,
  'a long first line': (n) => `#!${'x'.repeat(n)}`,
  'byte order marks': (n) => '\uFEFF'.repeat(n),
  'halves of characters': (n) => '\ud800'.repeat(n),
};
