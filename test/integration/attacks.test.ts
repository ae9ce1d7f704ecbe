/** Hostile scripts of test/attacks that compare times or take what they get of the machine. */
import { corpora, readCorpus } from '../attacks/entry.ts';
import { quietPart } from '../attacks/parts.ts';
import { testAttacks } from '../attacks/suite.ts';

const entries = corpora.flatMap(readCorpus);

testAttacks(entries, quietPart(entries));
