import { expect, it } from 'vitest';
import { azure } from '../../src/agents/azure/dialect.ts';
import { eventRules, findEvent, foldName } from '../../src/protocol/dialect-lookup.ts';

it.each([
  ['PreToolUse', 'PreToolUse'],
  ['preToolUse', 'PreToolUse'],
  ['pre_tool_use', 'PreToolUse'],
  ['PRE_TOOL_USE', 'PreToolUse'],
  ['post_tool_use', 'PostToolUse'],
  ['stop', 'Stop'],
  ['START', 'Start'],
])('the event %s is %s', (written, event) => {
  expect(findEvent(azure, written)).toBe(event);
  expect(eventRules(azure, written)).toBe(azure.events[event]);
});

it.each(['', 'Pre', 'PreToolUse ', 'BeforeTool', 'constructor', '__proto__', 'toString'])(
  'there is no event %j',
  (name) => {
    const unknown = expect.objectContaining({ code: 'INVALID_EVENT' });
    expect(() => findEvent(azure, name)).toThrow(unknown);
    expect(() => eventRules(azure, name)).toThrow(unknown);
  },
);

it('an unknown event is answered with the names that exist', () => {
  expect(() => findEvent(azure, 'BeforeTool')).toThrow(/Start, PreToolUse, PostToolUse, Stop/);
});

it('folding a name leaves hyphens and spaces alone', () => {
  expect(foldName('On_Demand-x y')).toBe('ondemand-x y');
});
