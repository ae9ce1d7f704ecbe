/**
 * `hookpool schema`: prints JSON Schemas, for editors that check YAML while it is written and for
 * programs that make or read messages.
 */
import { InvalidInputError } from '../errors.ts';
import { type Command, exitCodes } from './command.ts';
import { publicSchemas } from './public-schemas.ts';

const usage = `hookpool schema [NAME]
hookpool schema --install [DIR]

Prints a JSON Schema, of a hooks file unless a NAME says otherwise:

  hooks        a hooks file of hookpool's own shape
  hooktest     a file of tests for hooks
  decision     what hookpool run --json prints, and POST /v1/evaluate answers
  audit        a line of the audit trail of hookpool serve
  job          in the queue: one hook for one event
  stored-job   the same with a context that is stored beside it
  result       in the queue: the return value of such a job
  outbound     in the queue of outbound workers: one http hook for one event
  run          in the queue: one script without a hook
  run-result   in the queue: the return value of such a run
  openapi      the HTTP API, as an OpenAPI document

--install lets VS Code check hooks.yaml, *.hookpool.yaml and *.hooktest.yaml: it adds yaml.schemas to
.vscode/settings.json in DIR or here, and leaves what else stands there. Needs the extension redhat.vscode-yaml.
`;

export const schemaCommand: Command = {
  usage,
  options: { install: { type: 'boolean' } },
  run: async (args, io) => {
    const [name = args.flag('install') ? '.' : 'hooks', another] = args.positionals;
    if (another !== undefined)
      throw new InvalidInputError(
        'INVALID_USAGE',
        `Unexpected argument "${another}": one NAME at a time.`,
      );
    if (args.flag('install')) {
      const { installSchemas } = await import('./install/editor-schemas.ts');
      io.out(installSchemas(name));
      return exitCodes.ok;
    }
    const schemas = publicSchemas();
    const schema = Object.hasOwn(schemas, name) ? schemas[name] : undefined;
    if (schema === undefined) {
      throw new InvalidInputError(
        'INVALID_USAGE',
        `There is no schema "${name}". Known: ${Object.keys(schemas).join(', ')}.`,
      );
    }
    io.out(`${JSON.stringify(schema, null, 2)}\n`);
    return exitCodes.ok;
  },
};
