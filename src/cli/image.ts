/** `hookpool image`: prints the name of the sandbox image, for scripts that build or pull it. */
import { imageName } from '../sandbox/image.ts';
import { type Command, exitCodes } from './command.ts';

export const imageCommand: Command = {
  usage: 'hookpool image\n\nPrints the name of the sandbox image that this version runs.\n',
  options: {},
  run: async (_args, io) => {
    io.out(`${imageName()}\n`);
    return exitCodes.ok;
  },
};
