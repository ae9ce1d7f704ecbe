// biome-ignore-all lint/suspicious/noTemplateCurlyInString: placeholders are written so
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { placeholderGrammars } from '../../src/protocol/judge-rules.ts';
import { promptProblem, renderPrompt } from '../../src/protocol/prompt-template.ts';

const context = '{"tool_name":"Bash","tool_input":{"command":"ls","n":1.50},"prompt":"$ARGUMENTS"}';
const input = { name: 'INPUT', json: context };
const at = (name: string, json: string) => ({ name, json });

describe('a placeholder', () => {
  it.each([
    ['arguments', 'Is $ARGUMENTS fine?', 'Is [data INPUT, below] fine?', [input]],
    [
      'arguments',
      '$ARGUMENTS and $ARGUMENTS',
      '[data INPUT, below] and [data INPUT, below]',
      [input],
    ],
    ['arguments', 'no place', 'no place', [input]],
    ['arguments', '\\$ARGUMENTS $ARGUMENTSX ${a}', '$ARGUMENTS $ARGUMENTSX ${a}', [input]],
    [
      'string-template',
      '$$5 $TOOL_NAME ${TOOL_INPUT} $OTHER $',
      '$5 [data tool_name, below] [data tool_input, below] $OTHER $',
      [at('tool_name', '"Bash"'), at('tool_input', '{"command":"ls","n":1.50}')],
    ],
    ['string-template', '$INPUT', '[data INPUT, below]', [input]],
    [
      'go-template',
      '{{ .ToolName }}{{-  toJSON .ToolInput\t-}}{{.ToolInput | toJSON}}{{ truncate 9 .Prompt }}',
      '[data tool_name, below][data tool_input, below][data tool_input, below][data prompt, below]',
      [
        at('tool_name', '"Bash"'),
        at('tool_input', '{"command":"ls","n":1.50}'),
        at('prompt', '"$ARGUMENTS"'),
      ],
    ],
    [
      'paths',
      '${tool_input.n} $${x} \\$ $ARGUMENTS',
      '[data tool_input.n, below] ${x} $ [data INPUT, below]',
      [at('tool_input.n', '1.50'), input],
    ],
    ['none', '$ARGUMENTS ${x} {{ .A }}', '$ARGUMENTS ${x} {{ .A }}', [input]],
  ] as const)('of %s: %j', (grammar, prompt, policy, data) => {
    expect(promptProblem(grammar, prompt)).toBeUndefined();
    expect(renderPrompt(grammar, { prompt }, context)).toEqual({ policy, data, missing: [] });
  });

  it('that the context does not have is null, and told', () => {
    expect(renderPrompt('paths', { prompt: '${a.b} ${a.b}' }, context)).toEqual({
      policy: '[data a.b, below] [data a.b, below]',
      data: [at('a.b', 'null')],
      missing: ['a.b'],
    });
  });

  it('of the whole context stands for the selected members', () => {
    const { data, missing } = renderPrompt(
      'arguments',
      { prompt: 'x', select: ['tool_input.n', 'gone'] },
      context,
    );
    expect(data).toEqual([at('INPUT', '{"tool_input.n":1.50,"gone":null}')]);
    expect(missing).toEqual(['gone']);
  });

  it.each([
    ['paths', '${a b}', 'is no placeholder'],
    ['paths', '${a', 'without "}"'],
    ['go-template', '{{ range .X }}', 'cannot be read'],
    ['go-template', '{{', 'cannot be read'],
    ['arguments', 'x'.repeat((64 << 10) + 1), 'are the most'],
    ['paths', Array.from({ length: 17 }, (_, n) => `\${a${n}}`).join(), '16 are the most'],
  ] as const)('of %s that cannot be read is a problem: %s', (grammar, prompt, problem) => {
    expect(promptProblem(grammar, prompt)).toContain(problem);
  });

  it('cannot be added by a value: the policy is the same for every context', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...placeholderGrammars),
        fc.string({ unit: 'binary' }),
        fc.constantFrom('$ARGUMENTS', '${tool_name}', '{{ .ToolName }}', '$INPUT', ']', ''),
        (grammar, text, more) => {
          const prompt = 'A $ARGUMENTS ${tool_name} {{ .ToolName }} $TOOL_NAME';
          const hostile = JSON.stringify({ tool_name: text + more, [text]: more });
          const { policy } = renderPrompt(grammar, { prompt }, hostile);
          expect(policy).toBe(renderPrompt(grammar, { prompt }, '{}').policy);
        },
      ),
      { numRuns: 60 },
    );
  });
});
