import { JsonText } from "#base/texts/json-pieces.ts";

/** A request, split into the parts that egress sends or obeys. */
export interface OutgoingRequest {
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Text is sent as UTF-8. Short text is faster to send than its bytes. */
  readonly body: string | JsonText | Uint8Array | ReadableStream<Uint8Array> | undefined;
  readonly signal: AbortSignal | undefined;
  readonly redirect: "follow" | "manual" | "error";
}

/** The options of a `fetch`. The body may also be made while it is sent. */
export type OutgoingInit = Omit<RequestInit, "body"> & { readonly body?: RequestInit["body"] | JsonText };

/** The URL for a `Request` that only parses the other arguments. `Request` requires one. */
const PLACEHOLDER_URL = "http://unused.invalid/";

/** Converts the arguments of a `fetch`. */
export async function toOutgoingRequest(input: string | URL | Request, init: OutgoingInit): Promise<OutgoingRequest> {
  const { body, signal, ...rest } = init;
  const isRaw =
    typeof body === "string" ||
    body instanceof Uint8Array ||
    body instanceof ReadableStream ||
    body instanceof JsonText;
  if (!(input instanceof Request) && isRaw && init.method === "POST") return toPost(body, init);
  const settings: RequestInit = { ...rest, ...(body != null && !isRaw && { body }) };
  const source = input instanceof Request ? new Request(input, settings) : new Request(PLACEHOLDER_URL, settings);
  return {
    method: source.method,
    headers: source.headers.toJSON(),
    body: isRaw ? body : await readBody(source),
    signal: signal ?? (input instanceof Request ? input.signal : undefined),
    redirect: init.redirect ?? (input instanceof Request ? input.redirect : "follow"),
  };
}

/** Converts a POST, the most frequent call, without the cost of a `Request`. */
const toPost = (body: OutgoingRequest["body"], { headers, signal, redirect }: OutgoingInit): OutgoingRequest => ({
  method: "POST",
  headers: new Headers(headers).toJSON(),
  body,
  signal: signal ?? undefined,
  redirect: redirect ?? "follow",
});

async function readBody(source: Request): Promise<OutgoingRequest["body"]> {
  return source.body === null ? undefined : new Uint8Array(await source.arrayBuffer());
}
