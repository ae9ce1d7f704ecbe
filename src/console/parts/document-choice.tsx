/** Chooses one of the documents whose hooks an evaluation had: the playground runs one at a time. */
import type { KeptContext } from '../../server/api-types.ts';
import { visible } from '../ansi.ts';

export type HookDocument = KeptContext['documents'][number];

interface ChoiceProps {
  readonly documents: readonly HookDocument[];
  readonly choose: (document: HookDocument) => void;
}

/** The first one is chosen until another is. Key it by the evaluation. */
export function DocumentChoice({ documents, choose }: ChoiceProps) {
  if (documents.length < 2) return null;
  return (
    <>
      <label class="field">
        Hooks of
        <select
          onChange={({ currentTarget }) => {
            const document = documents[Number(currentTarget.value)];
            if (document !== undefined) choose(document);
          }}
        >
          {documents.map(({ name, scope }, at) => (
            <option value={String(at)}>
              {visible(scope === 'global' ? `${name} (global)` : name)}
            </option>
          ))}
        </select>
      </label>
      <p class="quiet">
        The evaluation had the hooks of {documents.length} documents; those of one run here.
      </p>
    </>
  );
}
