/** Reads the text of an event stream (HTML standard, server-sent events) piece by piece. */

export interface StreamEvent {
  /** Of this event or of the last one that had an id. */
  readonly id: string;
  readonly type: string;
  readonly data: string;
}

/** The most characters of an event that is not complete; a server that sends more is not ours. */
const mostPending = 1 << 20;

export class EventReader {
  #pending = '';
  #id = '';
  #type = '';
  #data: string[] = [];

  /** @returns the events that this piece completes. */
  read(piece: string): StreamEvent[] {
    const lines = (this.#pending + piece).split(/\r\n|\n|\r(?!$)/);
    this.#pending = lines.pop() ?? '';
    if (this.#pending.length > mostPending) throw new Error('An event of the stream has no end.');
    return lines.flatMap((line) => this.#line(line));
  }

  #line(line: string): StreamEvent[] {
    if (line === '') return this.#complete();
    const [, field = '', value = ''] = /^([^:]*):? ?(.*)$/s.exec(line) ?? [];
    if (field === 'id') this.#id = value;
    else if (field === 'event') this.#type = value;
    else if (field === 'data') this.#data.push(value);
    return [];
  }

  #complete(): StreamEvent[] {
    const event = { id: this.#id, type: this.#type || 'message', data: this.#data.join('\n') };
    const isEmpty = this.#data.length === 0;
    this.#type = '';
    this.#data = [];
    return isEmpty ? [] : [event];
  }
}
