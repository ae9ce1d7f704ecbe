/** An error in words, read out by screen readers. */
import { visible } from '../ansi.ts';
import type { ApiError } from '../api.ts';

export function Failure({ title, message }: { title: string; message: string }) {
  return (
    <section class="failure" role="alert">
      <h2>{title}</h2>
      <p>{visible(message)}</p>
    </section>
  );
}

/** What the API said is wrong, with the role that is missing where that is it. */
export function ApiFailure({ title, error }: { title: string; error: ApiError }) {
  return <Failure title={title} message={`${error.message} (${error.code})`} />;
}
