/** For whom is read, and for how long somebody waits for it. */
export interface ReadCall {
  readonly tenant: string;
  /** Milliseconds. Default: as long as the reader may take. */
  readonly withinMs?: number | undefined;
}
