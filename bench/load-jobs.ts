/** Where requests go. */
export interface LoadTarget {
  readonly port: number;
  readonly headers: Readonly<Record<string, string>>;
}

interface LoadRequest extends LoadTarget {
  readonly method: "GET" | "POST";
  readonly path: string;
  readonly body?: object;
}

/** What the load generator is asked to do. */
export type LoadJob =
  /** Clients that send the next request as soon as the last is answered. */
  | { readonly kind: "closed"; readonly request: LoadRequest; readonly clients: number; readonly seconds: number }
  /** Streams that all begin at once, of tokens that tell when they were sent. */
  | { readonly kind: "streams"; readonly request: LoadRequest; readonly streams: number };

export interface ClosedResult {
  readonly answered: number;
  readonly failed: number;
  readonly seconds: number;
  readonly latencyMs: Percentiles;
}

export interface StreamsResult {
  readonly failed: number;
  readonly tokens: number;
  /** From sending the request to its first token. */
  readonly firstTokenMs: Percentiles;
  /** From a token's sending by the model to its arrival here. */
  readonly tokenDelayMs: Percentiles;
}

export interface Percentiles {
  readonly p50: number;
  readonly p99: number;
  readonly max: number;
}
