/** `hookpool schema`: for editors that check YAML while it is written. */
import { hooksFileJsonSchema } from '../protocol/files/schema.ts';
import { type Command, exitCodes } from './command.ts';

export const schemaCommand: Command = {
  usage: 'hookpool schema\n\nPrints the JSON Schema of a hooks file.\n',
  options: {},
  run: async (_args, io) => {
    io.out(`${JSON.stringify(hooksFileJsonSchema(), null, 2)}\n`);
    return exitCodes.ok;
  },
};
