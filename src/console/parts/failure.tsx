/** An error in words, read out by screen readers. */
export function Failure({ title, message }: { title: string; message: string }) {
  return (
    <section class="failure" role="alert">
      <h2>{title}</h2>
      <p>{message}</p>
    </section>
  );
}
