import { expect, it } from 'vitest';
import { EventReader } from '../../src/console/event-reader.ts';

const stream =
  ': beat\n\nid: 7\nevent: evaluation\ndata: {"a":1}\n\ndata: two\ndata: lines\n\nid: 8\n\n';
const events = [
  { id: '7', type: 'evaluation', data: '{"a":1}' },
  { id: '7', type: 'message', data: 'two\nlines' },
];

it('reads events, comments and ids of a stream', () => {
  expect(new EventReader().read(stream)).toEqual(events);
});

it('reads the same wherever the stream is cut, and with every end of line', () => {
  for (const text of [stream, stream.replaceAll('\n', '\r\n'), stream.replaceAll('\n', '\r')]) {
    for (let at = 0; at <= text.length; at += 1) {
      const reader = new EventReader();
      const read = [...reader.read(text.slice(0, at)), ...reader.read(text.slice(at))];
      expect(read, `cut at ${at}`).toEqual(events);
    }
  }
});

it('an event that never ends is an error before it fills the memory', () => {
  const reader = new EventReader();
  const piece = 'x'.repeat(1 << 19);
  expect(() => {
    for (let count = 0; count < 4; count += 1) reader.read(piece);
  }).toThrow('has no end');
});
