/** As growth.test.ts: files of hooks, of hook tests and of agents. */
import { describe } from 'vitest';
import { grows } from './support/growth-cases.ts';
import {
  agentFileShapes,
  commentShapes,
  hookFileShapes,
  testFileShapes,
  tomlDepth,
  tomlWidth,
} from './support/hostile/files.ts';
import * as read from './support/hostile/readers.ts';
import { yamlDepth, yamlIndented, yamlWidth } from './support/hostile/yaml.ts';

describe('a hooks file in YAML:', () => {
  grows(yamlWidth, read.hooksFile);
  grows(yamlDepth, read.hooksFile, { n: 8, largest: 16_384 });
  grows(yamlIndented, read.hooksFile, { n: 8, largest: 512 });
});

describe('a hooks file in TOML:', () => {
  grows(tomlWidth, read.hooksFile);
  grows(tomlDepth, read.hooksFile, { n: 8, largest: 16_384 });
});

describe('a hooks file in JSON:', () => {
  grows(commentShapes, read.hooksFile);
  grows(hookFileShapes, read.hooksFile);
});

describe('hooks in a body, with a pointer for each problem:', () =>
  grows(hookFileShapes, read.hooksOfBody));

describe('the hooks of an agent:', () => grows(agentFileShapes, read.hooksFile));

describe('a file of hook tests:', () => grows(testFileShapes, read.testFile));
