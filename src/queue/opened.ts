/** A client of a queue that is handed out when it can be used, and closed where it cannot. */
interface Opening {
  ready(timeoutMs: number): Promise<void>;
  close(): Promise<void>;
}

/**
 * @param timeoutMs for Redis to become ready.
 * @throws UnavailableError `QUEUE_UNAVAILABLE` when it is not in time.
 */
export async function opened<T extends Opening>(client: T, timeoutMs = 5_000): Promise<T> {
  try {
    await client.ready(timeoutMs);
    return client;
  } catch (error) {
    await client.close();
    throw error;
  }
}
