/** An image that the engine has. */
export interface LocalImage {
  readonly id: string;
  /** undefined: not told, as by an engine proxy. */
  readonly sizeBytes: number | undefined;
}
