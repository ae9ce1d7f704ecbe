// biome-ignore-all lint/suspicious/noTemplateCurlyInString: placeholders are written so
import { describe, expect, it } from 'vitest';
import { type InvalidHooksError, parseHooksFile } from '../../src/files/hooks-file.ts';

const setOf = (hook: object, more: object = {}, event = 'Stop') =>
  parseHooksFile('f', JSON.stringify({ ...more, hooks: { [event]: [hook] } }));
const hookOf = (hook: object, more: object = {}, event = 'Stop') =>
  setOf(hook, more, event).hooks[0]?.hook;

/** `LINE:COLUMN message` of the first problem. */
function problemOf(hook: object, more: object = {}, event = 'Stop'): string {
  try {
    setOf(hook, more, event);
  } catch (error) {
    return (error as InvalidHooksError).message;
  }
  throw new Error('no problem');
}

const prompt = { type: 'prompt', prompt: 'Fine? $ARGUMENTS' };
const agent = { type: 'agent', prompt: 'Fine?' };

describe('a question to a judge', () => {
  it('has what its author wrote', () => {
    const cache = { seconds: 60, of: ['tool_name'] };
    const more = { model: 'm', select: ['final_output'], mayOverride: true, continueOnBlock: true };
    expect(hookOf({ ...prompt, ...more, cache })).toMatchObject({
      action: { kind: 'prompt', prompt: prompt.prompt, ...more, cache, tools: [], maxTurns: 10 },
      timeoutMs: 30_000,
    });
    const tools = ['ReadFile', 'Bash'];
    expect(hookOf({ ...agent, tools, maxTurns: 50 })).toMatchObject({
      action: { kind: 'agent', tools, maxTurns: 50 },
      timeoutMs: 60_000,
    });
  });

  it('is recorded with what gives its judge power, however long its prompt is', () => {
    const cache = { seconds: 60 };
    const power = { model: 'm', select: ['a'], mayOverride: true, continueOnBlock: true, cache };
    const settingsOf = (hook: object) => {
      const action = hookOf(hook)?.action;
      return action !== undefined && 'settings' in action ? action.settings : undefined;
    };
    const kept = { ...power, tools: [], maxTurns: 10 };
    const long = { ...prompt, ...power, prompt: 'x'.repeat(64 << 10) };
    expect(settingsOf({ ...prompt, ...power })).toEqual({ ...kept, prompt: prompt.prompt });
    expect(settingsOf(long)).toEqual(kept);
    expect(settingsOf({ ...agent, maxTurns: 50 })).toMatchObject({ maxTurns: 50 });
  });

  it('has no key that puts values into its policy', () => {
    expect(problemOf({ ...prompt, place: 'inline' })).toMatch(/^f:1:\d+: Unknown key "place"/);
  });

  it('reads the transcript where the dialect says so, and always with turns', () => {
    const readers = ['ReadFile', 'GrepSearch'];
    expect(hookOf(prompt)?.action).toMatchObject({ tools: readers });
    expect(hookOf(prompt, { dialect: 'generic' })?.action).toMatchObject({ tools: [] });
    expect(hookOf(agent, { dialect: 'generic' })?.action).toMatchObject({ tools: readers });
    expect(hookOf({ ...prompt, tools: [] })?.action).toMatchObject({ tools: [] });
  });

  it('has the time of its event where that has one of its own', () => {
    const file = { hooks: { UserPromptSubmit: [{ hooks: [agent] }] } };
    const hint = { dialect: 'claude-code' };
    const [loaded] = parseHooksFile('f', JSON.stringify(file), hint).hooks;
    expect(loaded?.hook.timeoutMs).toBe(30_000);
  });

  it.each([
    [{ ...prompt, files: ['a'] }, 'A prompt hook takes no files'],
    [{ ...agent, env: { A: 'b' } }, 'An agent hook takes no env'],
    [{ ...prompt, profile: 'full' }, 'takes no profile'],
    [{ ...prompt, tools: ['Bash'] }, 'Bash is for agent hooks'],
    [{ ...prompt, maxTurns: 3 }, 'maxTurns is for agent hooks'],
    [{ ...prompt, url: 'https://a.test' }, 'url is for http hooks'],
    [{ ...agent, cache: { seconds: 5 } }, 'remove cache'],
    [{ ...agent, tools: ['Python'], mayOverride: true }, 'must not approve'],
    [{ ...prompt, maxTurns: 51 }, 'maxTurns'],
    [{ ...prompt, select: ['a b'] }, 'must be a member of the context'],
    [{ ...prompt, tools: ['Shell'] }, 'tools.0'],
    [{ type: 'command', command: 'x', select: ['a'] }, 'select is for prompt and agent hooks'],
    [{ type: 'prompt' }, 'A prompt hook needs a prompt'],
    [{ ...agent, command: 'x' }, 'An agent hook takes no script'],
  ])('is refused: %j', (hook, message) => {
    expect(problemOf(hook)).toContain(
      message.replace('An agent hook takes no script', 'agent hook takes no script'),
    );
  });

  it('is refused where its placeholders cannot be read', () => {
    const hook = { type: 'prompt', prompt: '${a b}' };
    expect(problemOf(hook, { dialect: 'generic' })).toMatch(/^f:1:\d+.*is no placeholder/);
  });
});
