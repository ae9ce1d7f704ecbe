/**
 * The help of `hookpool hook`, in a file of its own: it loads the table of every agent, which an
 * answer does not need.
 */
import { dialectNames } from '../../agents/registry.ts';
import { listed } from '../command.ts';

export const usage = `hookpool hook --dialect NAME (--hookset NAME | --hooks FILE) [--server URL]
hookpool hook --dialect NAME --local FILE [--local FILE...]

The command of an agent's hook: reads the agent's JSON from stdin, has the hooks run in sandboxes and
answers in the agent's own words.

  --dialect NAME        whose words:
${listed(dialectNames, 24)}.
                        Hooks that say no dialect of their own are read by it too
  --agent NAME          whose hooks, where FILE has those of several agents
  --event NAME          event name; default: the one that the context says
  --server URL          http://, https:// or unix:///SOCKET of hookpool serve.
                        Default: HOOKPOOL_SERVER or http://127.0.0.1:4665
  --hookset NAME        hooks that the server has stored
  --hooks FILE          a hooks file, sent along
  --local FILE          no server: run the hooks of the file here; may be repeated
  --project DIR         with --local: folder whose files the hooks name; default: that of the hooks file
  --workspace DIR       with --local: a folder that the hooks may read where the event is in it, or
                        'DIR/*' for each folder in it; may be repeated
  --tenant NAME         default: the token's
  --thread NAME         the thread: its on-demand hooks run too
  --cwd DIR             the folder in which the agent works, where its JSON names none; see --workspace of
                        hookpool serve
  --deadline SECONDS    answer by then; default: 25. Keep it below the agent's own timeout
  --fail-mode MODE      without a decision: block, allow or ask. Default: block, but allow at the end of a turn
                        and on events that decide nothing. With --local also the failMode of hooks that
                        say none
  --transcript-bytes N  most bytes of the agent's transcript that hooks get, from its end; 0: none.
                        Default: 1048576. Sent only if a hook of the event reads it
  --token-file FILE     holds the token for the server; default: the token in HOOKPOOL_TOKEN

Without a decision means: no server, a bad answer, bad usage, or the deadline has passed. The exit code
and stdout are what the agent expects, so a mistake is never 64: a guard that is set up wrongly blocks.
`;
