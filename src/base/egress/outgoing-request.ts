/** A request taken apart into what goes over the wire. */
export interface OutgoingRequest {
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Text goes over the wire as UTF-8. */
  readonly body: string | Uint8Array | ReadableStream<Uint8Array> | undefined;
  readonly signal: AbortSignal | undefined;
  readonly redirect: "follow" | "manual" | "error";
}

/** Stands where a URL is needed to let `Request` read the rest of the arguments. */
const PLACEHOLDER_URL = "http://unused.invalid/";

/** Reads the arguments of a `fetch`. */
export async function toOutgoingRequest(input: string | URL | Request, init: RequestInit): Promise<OutgoingRequest> {
  const { body: given, signal, ...rest } = init;
  const isRaw = typeof given === "string" || given instanceof Uint8Array || given instanceof ReadableStream;
  if (!(input instanceof Request) && isRaw && init.method === "POST") return toPost(given, init);
  const settings: RequestInit = { ...rest, ...(given != null && !isRaw && { body: given }) };
  const source = input instanceof Request ? new Request(input, settings) : new Request(PLACEHOLDER_URL, settings);
  return {
    method: source.method,
    headers: source.headers.toJSON(),
    body: isRaw ? given : await readBody(source),
    signal: signal ?? (input instanceof Request ? input.signal : undefined),
    redirect: init.redirect ?? (input instanceof Request ? input.redirect : "follow"),
  };
}

/** What nearly every call is, which needs no `Request` to be read. */
const toPost = (body: OutgoingRequest["body"], { headers, signal, redirect }: RequestInit): OutgoingRequest => ({
  method: "POST",
  headers: new Headers(headers).toJSON(),
  body,
  signal: signal ?? undefined,
  redirect: redirect ?? "follow",
});

async function readBody(source: Request): Promise<OutgoingRequest["body"]> {
  return source.body === null ? undefined : new Uint8Array(await source.arrayBuffer());
}
