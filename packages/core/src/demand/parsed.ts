/** Where a body came from and when. */
export interface Receipt {
  readonly deliveryId: string;
  readonly receivedAtMs: number;
}

/** What parsing a body gave. The message names the field, never its value. */
export type Parsed<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly message: string };
