/** Reads what a script printed, in the azure dialect. */
import { azure } from '../../../src/agents/azure/dialect.ts';
import {
  type Output,
  type ParsedOutput,
  parseOutput,
} from '../../../src/protocol/verdict/read-output.ts';
import { bytes } from '../samples.ts';

export function parse(text: string): ParsedOutput {
  return parseOutput(azure, bytes(text));
}

export function read(value: unknown): Output {
  const parsed = parse(typeof value === 'string' ? value : JSON.stringify(value));
  if (parsed.kind !== 'output') throw new Error(`not read: ${JSON.stringify(parsed)}`);
  return parsed.output;
}
