/** The format of test files: their schema, and their problems with places. */
import { z } from 'zod';
import { dialectNames } from '../../agents/registry.ts';
import { messageOf } from '../../errors.ts';
import { type Path, type Problem, SourceDocument, told } from '../../files/source-document.ts';
import { decisionKinds } from '../../protocol/decision.ts';
import { hookErrorCodes, unsupportedCodes } from '../../protocol/failure-codes.ts';
import { shown } from '../../protocol/shown.ts';
import { plannedJudgeCauses, plannedJudgeSchema, plannedJudgesSchema } from './planned-judges.ts';
import { plannedSchema, plannedTargetsSchema } from './planned-targets.ts';
import { compileTextPattern } from './text-pattern.ts';

/** Causes of a decision that a test can expect: all but hookpool's own failures. */
const causes = [
  ...['exit-code' as const, 'output' as const, ...hookErrorCodes, ...unsupportedCodes],
  // Of cases that say so themselves.
  'TARGET_UNREACHABLE',
  ...plannedJudgeCauses,
] as const;

const text = z
  .string()
  .min(1, 'is empty, and an empty text is part of every text')
  .superRefine((pattern, { addIssue }) => {
    try {
      compileTextPattern(pattern);
    } catch (error) {
      addIssue(messageOf(error));
    }
  })
  .nullable()
  .optional();
const patternAbout =
  'a part of it, or /a regular expression/ with flags; null: there must be none.';

const expectSchema = z.strictObject({
  decision: z.enum(decisionKinds).meta({ description: 'The decision about the event.' }),
  reason: text.meta({ description: `The reason: ${patternAbout}` }),
  additionalContext: text.meta({ description: `The context for the agent: ${patternAbout}` }),
  systemMessage: text.meta({ description: `The message for the person: ${patternAbout}` }),
  updatedInput: z
    .json('is not what JSON can hold')
    .optional()
    .meta({ description: 'The whole rewritten input of the tool; null: not rewritten.' }),
  decidedBy: z
    .string()
    .optional()
    .meta({ description: 'Name of the hook that made the decision.' }),
  cause: z
    .enum(causes)
    .optional()
    .meta({ description: 'What the decision comes from; a code is that of a failMode.' }),
  atLeast: z
    .number('must be a share such as 0.95')
    .positive('must be more than 0')
    .max(1, 'must be a share, at most 1')
    .optional()
    .meta({
      description: 'Share of the runs of --repeat in which all this has to hold. Default 1.',
    }),
  maxMs: z
    .number()
    .positive()
    .optional()
    .meta({ description: 'Milliseconds for all hooks, without the wait for a sandbox.' }),
  diagnostics: z
    .array(z.string())
    .optional()
    .meta({ description: 'Codes of exactly the diagnostics that there are.' }),
});

const caseSchema = z.strictObject({
  name: z
    .string()
    .min(1, 'is empty')
    .meta({ description: 'Shown in reports; unique in the file.' }),
  event: z.string().optional().meta({ description: 'Default: hook_event_name of the context.' }),
  context: z.record(z.string(), z.json('is not what JSON can hold')).optional().meta({
    description:
      'What the agent reports. Gets the event under its name in the dialect unless it has one. Either this or contextFile.',
  }),
  contextFile: z
    .string()
    .optional()
    .meta({ description: 'A JSON file, handed to the scripts byte for byte.' }),
  transcript: z
    .string()
    .optional()
    .meta({ description: 'A text that the scripts may read; execution_summary will point to it.' }),
  transcriptFile: z.string().optional(),
  active: z
    .array(z.string())
    .optional()
    .meta({ description: 'Names of on-demand hooks that are switched on.' }),
  targets: plannedTargetsSchema.optional(),
  judges: plannedJudgesSchema.optional(),
  session: z.string().min(1, 'is empty').max(128).optional().meta({
    description:
      'Cases of one session run in the order of the file, and hooks with state: session keep it.',
  }),
  expect: expectSchema,
});

const testFileSchema = z.strictObject({
  $schema: z.string().optional().meta({ description: 'For editors.' }),
  description: z.string().optional(),
  hooks: z
    .union(
      [z.string(), z.array(z.string()).min(1)],
      'must be the name of a hooks file or a list of such names',
    )
    .optional()
    .meta({
      description:
        'Hooks file or files, relative to this file. Default: that of the same name without ".hooktest".',
    }),
  dialect: z
    .enum(dialectNames)
    .optional()
    .meta({ description: 'Protocol of the hooks, where their files say none.' }),
  agent: z
    .string()
    .min(1)
    .optional()
    .meta({ description: 'Whose hooks, where a hooks file holds those of several agents.' }),
  cases: z.array(caseSchema).min(1, 'has no case'),
});

export type Expectation = z.infer<typeof expectSchema>;
export type CaseEntry = z.infer<typeof caseSchema>;
type TestFile = z.infer<typeof testFileSchema>;

export interface ParsedTestFile {
  readonly source: SourceDocument;
  readonly data: TestFile;
}

/** Parses one test file, which is accepted as a whole or refused with every problem. */
export function parseTestFile(
  file: string,
  content: string,
): { parsed?: ParsedTestFile; problems: readonly Problem[] } {
  const { documents, problems } = SourceDocument.parse(file, content);
  const [source, second] = documents;
  if (source === undefined) return { problems: told(problems) };
  if (second !== undefined)
    return {
      problems: [
        second.problem([], 'A test file is one document: give this one a file of its own.'),
      ],
    };
  const { data, error } = testFileSchema.safeParse(source.value);
  if (data === undefined)
    return { problems: told(error.issues.flatMap((issue) => issueProblems(source, issue))) };
  const names = new Set<string>();
  const wrong = data.cases.flatMap((entry, at) => entryProblems(source, names, entry, at));
  return wrong.length > 0 ? { problems: told(wrong) } : { parsed: { source, data }, problems: [] };
}

/** The JSON Schema of a test file, generated from the schema that validates it. */
export function testFileJsonSchema(): object {
  const schema = z.toJSONSchema(testFileSchema, { target: 'draft-2020-12' });
  return {
    ...schema,
    title: 'hookpool hook tests',
    description: 'Tests of hooks files. docs/testing-hooks.md explains the fields.',
  };
}

function issueProblems(source: SourceDocument, issue: z.core.$ZodIssue): Problem[] {
  const path = issue.path as Path;
  if (issue.code !== 'unrecognized_keys') {
    const what =
      path.length === 0 ? 'A test file' : path.findLast((key) => typeof key === 'string');
    return [source.problem(path, `${what}: ${issue.message}.`)];
  }
  const known = Object.keys(shapeAt(path)).join(', ');
  return issue.keys.map((key) =>
    source.problem([...path, key], `Unknown key "${shown(key)}". Known: ${known}.`, 'key'),
  );
}

function shapeAt(path: Path): object {
  if (path.at(-2) === 'targets') return plannedSchema.shape;
  if (path.at(-2) === 'judges') return plannedJudgeSchema.shape;
  if (path.at(-1) === 'expect') return expectSchema.shape;
  return path.length === 0 ? testFileSchema.shape : caseSchema.shape;
}

/**
 * Problems that the schema cannot express.
 * @param names names of the cases before; the name of this one is added.
 */
function entryProblems(
  source: SourceDocument,
  names: Set<string>,
  entry: CaseEntry,
  at: number,
): Problem[] {
  const problem = (key: keyof CaseEntry, message: string) => [
    source.problem(['cases', at, key], message),
  ];
  const again = names.has(entry.name);
  names.add(entry.name);
  const contexts = [entry.context, entry.contextFile].filter((value) => value !== undefined).length;
  return [
    ...(again ? problem('name', `Two cases are called "${shown(entry.name)}": rename one.`) : []),
    ...(contexts === 0 ? problem('context', 'A case needs a context or a contextFile.') : []),
    ...(contexts === 2
      ? problem('contextFile', 'context and contextFile exclude each other: keep one.')
      : []),
    ...(entry.transcript !== undefined && entry.transcriptFile !== undefined
      ? problem('transcriptFile', 'transcript and transcriptFile exclude each other: keep one.')
      : []),
  ];
}
