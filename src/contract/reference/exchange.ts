/** A request that was sent to a gateway, and its answer. */
export interface Exchange {
  readonly method: string;
  /** With the query. */
  readonly path: string;
  /** Whether the request carried a bearer token. */
  readonly hasToken: boolean;
  /** Those besides the one with the token. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: ExchangeBody | undefined;
  readonly status: number;
  readonly mediaType: string;
  /** The body of the answer. */
  readonly text: string;
}

export type ExchangeBody =
  | { readonly kind: "json"; readonly value: unknown }
  /** In a format of the operation's own. */
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "form"; readonly fileName: string };
