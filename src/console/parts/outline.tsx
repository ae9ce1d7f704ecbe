/** The hooks of a text as the server understands them. */
import type { CheckAnswer } from '../../server/api-types.ts';
import { visible } from '../ansi.ts';
import { shownMs } from '../shown.ts';

export function Outline({ answer }: { answer: CheckAnswer }) {
  const { hooks, format, dialect } = answer;
  return (
    <>
      <p class="quiet">
        {format !== undefined && `Format ${format}`}
        {dialect !== undefined && `, in the words of ${dialect}`}
      </p>
      <ol class="outline">
        {hooks.map((hook) => (
          <li>
            <strong>{visible(hook.hook)}</strong> <span class="quiet">at {hook.event}</span>
            <div class="quiet">
              {[
                hook.runtime ?? hook.kind,
                hook.matcher !== undefined && `matcher ${visible(hook.matcher)}`,
                hook.condition !== undefined && `if ${visible(hook.condition)}`,
                `within ${shownMs(hook.timeoutMs)}`,
                `else ${hook.failMode}`,
                hook.onDemand && 'on demand',
                hook.async && 'async',
                hook.shadow && 'shadow',
                `line ${hook.line}`,
              ]
                .filter((part) => part !== false && part !== undefined)
                .join(' · ')}
            </div>
            {hook.unsupported !== undefined && (
              <div class="mark-not-run">Cannot run: {visible(hook.unsupported)}</div>
            )}
          </li>
        ))}
      </ol>
    </>
  );
}
