/** The project that the tools of a judge read, and what it means where there is none. */
import type { Diagnostic } from '../../protocol/decision.ts';
import type { Hook } from '../../protocol/hook.ts';
import type { JudgeAction } from '../../protocol/judge-action.ts';
import { AskError } from './ask-error.ts';

/** The folder of an event, whose project the tools of a judge can read. */
export interface JudgeProject {
  readonly cwd: string;
}

/** Why there is no project to read, where the operator lets hooks read projects. */
export interface MissingProject {
  /** A sentence. */
  readonly missing: string;
  /** Whether the event names a folder. */
  readonly isNamed: boolean;
}

/**
 * The project without which a hook is not judged. Whoever wrote failMode: block or ask on an agent
 * hook wants no verdict on less than there is to see; an event that names no folder has no project.
 * @param notes gets a diagnostic where the hook is judged without one.
 * @throws AskError `WORKSPACE_FAILED`
 */
export function usableProject(
  found: JudgeProject | MissingProject | undefined,
  { action: { kind }, failMode }: Pick<Hook<JudgeAction>, 'action' | 'failMode'>,
  notes: Diagnostic[],
): JudgeProject | undefined {
  if (found === undefined || !('missing' in found)) return found;
  const message = `The judge reads no project: ${found.missing}`;
  if (kind === 'agent' && found.isNamed && failMode !== 'allow')
    throw new AskError({ code: 'WORKSPACE_FAILED', message });
  notes.push({ code: 'judge-project', message });
  return undefined;
}
