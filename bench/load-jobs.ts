/** The server to which requests are sent. */
export interface LoadTarget {
  readonly port: number;
  readonly headers: Readonly<Record<string, string>>;
}

interface LoadRequest extends LoadTarget {
  readonly method: "GET" | "POST";
  readonly path: string;
  readonly body?: object;
}

/** A job for the load generator. */
export type LoadJob =
  /** Clients that send the next request as soon as the previous one is answered. */
  | { readonly kind: "closed"; readonly request: LoadRequest; readonly clients: number; readonly seconds: number }
  /** Streams that all begin at the same time. Their tokens contain the time at which they were sent. */
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
  /** The time from sending the request to its first token, in milliseconds. */
  readonly firstTokenMs: Percentiles;
  /** The time from the sending of a token by the model to its arrival, in milliseconds. */
  readonly tokenDelayMs: Percentiles;
}

export interface Percentiles {
  readonly p50: number;
  readonly p99: number;
  readonly max: number;
}
