/** A part of the hostile scripts of test/attacks that run beside others. */
import { corpora, readCorpus } from '../attacks/entry.ts';
import { sharedPart } from '../attacks/parts.ts';
import { testAttacks } from '../attacks/suite.ts';

const entries = corpora.flatMap(readCorpus);

testAttacks(entries, sharedPart(entries, 3));
