/** The schema of an operator's judges file. */
import { z } from 'zod';
import { attempted } from '../../errors.ts';
import { parseRequestUrl } from '../../protocol/request-url.ts';
import { networkProblem } from '../addresses.ts';
import { tenantPattern } from '../targets.ts';

const wireFormats = ['openai-chat', 'anthropic-messages', 'azure'] as const;
/** What a server can be made to answer with, from the strictest on. */
const answerModes = ['json-schema', 'tool', 'json-object', 'text'] as const;

const text = (most: number) => z.string().min(1, 'is empty').max(most);
const price = z.number().min(0);
const mebibyte = 1 << 20;

const judgeSchema = z
  .strictObject({
    format: z.enum(wireFormats),
    /** Up to the path of the format: `https://host/v1`. */
    baseUrl: z.string().superRefine((address, { addIssue }) => {
      const { value, problem } = attempted(() => parseRequestUrl(address));
      if (problem !== undefined) addIssue(problem.replace(/^url /, '').replace(/\.$/, ''));
      else if (value?.search !== '') addIssue('has a query: write apiVersion, or a path');
    }),
    model: text(200),
    keyFile: z.string().min(1).optional(),
    keyEnv: z.string().min(1).optional(),
    answers: z.enum(answerModes).default('json-schema'),
    aliases: z.array(text(200)).max(64).default([]),
    outputTokens: z.int().min(16).max(65_536).default(500),
    /** Name of the member with that number; models that reason take the second. */
    outputTokensKey: z.enum(['max_tokens', 'max_completion_tokens']).default('max_tokens'),
    temperature: z.number().min(0).max(2).optional(),
    /** Of all texts of a question. */
    inputBytes: z
      .int()
      .min(1_024)
      .max(8 * mebibyte)
      .default(100_000),
    answerBytes: z
      .int()
      .min(1_024)
      .max(10 * mebibyte)
      .default(mebibyte),
    /** Questions of hooks for each known one that the judge must reject. */
    canary: z.int().min(1).max(100_000).optional(),
    /** Questions at once. */
    atOnce: z.int().min(1).max(256).default(16),
    prices: z
      .strictObject({
        input: price,
        cachedInput: price.optional(),
        output: price,
        /** Tokens that the prices are for. */
        per: z.int().min(1).default(1_000_000),
      })
      .optional(),
    tenants: z.array(tenantPattern).min(1, 'must name a tenant, or "*"'),
    /** `azure`: the query `api-version`. */
    apiVersion: z
      .string()
      .regex(/^[A-Za-z0-9._-]{1,64}$/, 'must be a version such as 2024-10-21')
      .optional(),
    plain: z.boolean().default(false),
    private: z
      .array(
        z.string().superRefine((network, { addIssue }) => {
          const problem = networkProblem(network);
          if (problem !== undefined) addIssue(problem);
        }),
      )
      .default([]),
    caFile: z.string().min(1).optional(),
  })
  .superRefine((entry, { addIssue }) => {
    const tell = (key: keyof typeof entry, message: string) =>
      addIssue({ path: [key], message, code: 'custom' });
    if (entry.keyFile !== undefined && entry.keyEnv !== undefined)
      tell('keyEnv', 'is there beside keyFile: keep one');
    if (!entry.plain && /^http:/i.test(entry.baseUrl))
      tell('baseUrl', 'must begin with https://, or plain must be true');
    if (entry.plain && entry.private.length === 0 && /^http:/i.test(entry.baseUrl))
      tell('plain', 'is for servers in private networks: name them in private');
    if (entry.apiVersion !== undefined && entry.format !== 'azure')
      tell('apiVersion', 'is for the format azure');
  });

const name = z.string().regex(/^[A-Za-z0-9_.:-]{1,64}$/, 'must be 1 to 64 letters, digits or -_.:');

export const judgesSettingsSchema = z
  .strictObject({
    judges: z.record(name, judgeSchema),
    limits: z
      .strictObject({
        perTenant: z.strictObject({
          tokensPerDay: z.int().min(1).optional(),
          callsPerMinute: z.int().min(1).optional(),
        }),
      })
      .optional(),
  })
  .superRefine(({ judges }, { addIssue }) => {
    const all = Object.entries(judges).map(([own, entry]) => ({ own, entry }));
    const taken = new Map<string, (typeof all)[number][]>();
    for (const one of all) {
      const { own, entry } = one;
      for (const [at, called] of [own, ...entry.aliases].entries()) {
        const others = taken.get(called) ?? [];
        const other = others.find((before) => overlaps(before.entry.tenants, entry.tenants));
        if (other !== undefined)
          addIssue({
            code: 'custom',
            path: at === 0 ? ['judges', own] : ['judges', own, 'aliases', at - 1],
            message: `is the name of the judge ${other.own} for the same tenant already`,
          });
        taken.set(called, [...others, one]);
      }
    }
  });

function overlaps(some: readonly string[], others: readonly string[]): boolean {
  return some.includes('*') || others.includes('*') || some.some((one) => others.includes(one));
}

export type JudgeEntry = z.infer<typeof judgeSchema>;
export type JudgesSettings = z.infer<typeof judgesSettingsSchema>;
export type SpendingLimits = NonNullable<JudgesSettings['limits']>['perTenant'];
