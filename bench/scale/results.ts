/** placeholder */
export interface Scale {
  readonly date: string;
}
