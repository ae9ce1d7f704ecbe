/** The filters of the list of evaluations. Each change is a change of the address. */

import { useId, useState } from 'preact/hooks';
import { hrefOf } from '../address.ts';
import { visible } from '../ansi.ts';
import { go } from '../route.ts';
import {
  type Chip,
  chipsOf,
  type FilterField,
  filterFields,
  knownValues,
  presets,
  withChip,
  withoutChip,
  withValue,
} from '../search.ts';

export function Filters({ query }: { query: URLSearchParams }) {
  const show = (next: URLSearchParams, replace = false) =>
    go(hrefOf(['evaluations'], next), replace);
  return (
    <search class="filters">
      <div class="row">
        <label class="field">
          Search
          <input
            type="search"
            value={query.get('q') ?? ''}
            placeholder="reason, tool, hook, id"
            maxLength={200}
            onInput={({ currentTarget }) => show(withValue(query, 'q', currentTarget.value), true)}
          />
        </label>
        <NewFilter add={(chip) => show(withChip(query, chip))} />
        <Since query={query} show={show} />
      </div>
      <nav class="row" aria-label="Kinds of evaluations">
        {presets.map(({ title, query: text }) => (
          <a
            class="chip"
            href={hrefOf(['evaluations'], new URLSearchParams(text))}
            aria-current={query.toString() === text ? 'true' : undefined}
          >
            {title}
          </a>
        ))}
      </nav>
      <Chips query={query} remove={(chip) => show(withoutChip(query, chip))} />
    </search>
  );
}

function Chips({ query, remove }: { query: URLSearchParams; remove: (chip: Chip) => void }) {
  const chips = chipsOf(query);
  if (chips.length === 0) return null;
  return (
    <ul class="row chips" aria-label="Filters">
      {chips.map((chip) => (
        <li>
          <button type="button" class="chip" onClick={() => remove(chip)}>
            {filterFields[chip.field]} {chip.isExcluded ? 'is not' : 'is'}{' '}
            <b>{visible(chip.value)}</b>
            <span aria-hidden="true"> ✕</span>
            <span class="unseen">, remove this filter</span>
          </button>
        </li>
      ))}
    </ul>
  );
}

function NewFilter({ add }: { add: (chip: Chip) => void }) {
  const [field, setField] = useState<FilterField>('decision');
  const [isExcluded, setIsExcluded] = useState(false);
  const [value, setValue] = useState('');
  const known = knownValues[field];
  const given = known === undefined ? value.trim() : known.includes(value) ? value : known[0];
  const id = useId();
  return (
    <form
      class="row"
      onSubmit={(event) => {
        event.preventDefault();
        if (given === undefined || given === '') return;
        add({ field, value: given, isExcluded });
        setValue('');
      }}
    >
      <label class="field">
        Filter
        <select
          value={field}
          onChange={({ currentTarget }) => setField(currentTarget.value as FilterField)}
        >
          {Object.entries(filterFields).map(([name, title]) => (
            <option value={name}>{title}</option>
          ))}
        </select>
      </label>
      <label class="field">
        <span class="unseen">Condition</span>
        <select
          value={isExcluded ? 'not' : 'is'}
          onChange={({ currentTarget }) => setIsExcluded(currentTarget.value === 'not')}
        >
          <option value="is">is</option>
          <option value="not">is not</option>
        </select>
      </label>
      <span class="field">
        <label class="unseen" for={id}>
          Value
        </label>
        {known === undefined ? (
          <input
            id={id}
            value={value}
            maxLength={299}
            onInput={({ currentTarget }) => setValue(currentTarget.value)}
          />
        ) : (
          <select
            id={id}
            value={given}
            onChange={({ currentTarget }) => setValue(currentTarget.value)}
          >
            {known.map((one) => (
              <option key={one} value={one}>
                {one}
              </option>
            ))}
          </select>
        )}
      </span>
      <button type="submit">Add filter</button>
    </form>
  );
}

interface SinceProps {
  readonly query: URLSearchParams;
  readonly show: (next: URLSearchParams) => void;
}

/** Times of the browser's zone; the address has them in UTC. */
function Since({ query, show }: SinceProps) {
  return ['since', 'until'].map((name) => (
    <label class="field">
      {name === 'since' ? 'From' : 'Until'}
      <input
        type="datetime-local"
        value={localTime(query.get(name))}
        onChange={({ currentTarget }) => {
          const at = new Date(currentTarget.value);
          show(withValue(query, name, Number.isNaN(at.getTime()) ? '' : at.toISOString()));
        }}
      />
    </label>
  ));
}

function localTime(iso: string | null): string {
  const at = new Date(iso ?? '');
  if (Number.isNaN(at.getTime())) return '';
  return new Date(at.getTime() - at.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}
