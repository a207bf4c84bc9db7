import { createHmac } from "node:crypto";
import type { Answer, TestGateway } from "#testing/test-gateway.ts";

/** A message that a program sends, with its fields by the names of the protocol. */
export interface ProgramMessage {
  readonly message_id?: string;
  readonly sender_id?: string;
  readonly text?: string;
  readonly [field: string]: unknown;
}

export interface SignOptions {
  readonly secret?: string;
  /** In seconds since 1970. */
  readonly timestamp?: number | string;
  /** Replaces the headers of the signature. */
  readonly headers?: Readonly<Record<string, string>>;
}

/** The secret of the instances of tests. */
export const PROGRAM_SECRET = "planted-webhook-secret";

/** Signs a body as the protocol says, written anew so that a mistake of the gateway does not agree with itself. */
export function signAsProgram(body: string, { secret = PROGRAM_SECRET, timestamp }: SignOptions = {}) {
  const time = String(timestamp ?? Math.floor(Date.now() / 1_000));
  const digest = createHmac("sha256", secret).update(`${time}.${body}`, "utf8").digest("hex");
  return { "X-GoClaw-Timestamp": time, "X-GoClaw-Signature": `v1=${digest}` };
}

export interface DeliveryResult {
  readonly status: number;
  // biome-ignore lint/suspicious/noExplicitAny: tests read answers of every shape
  readonly body: any;
}

/** Sends a message to an instance as the program that it belongs to. */
export async function deliver(
  { url }: Pick<TestGateway, "url">,
  instance: string,
  message: ProgramMessage | string,
  options: SignOptions = {},
): Promise<DeliveryResult> {
  const whole = typeof message === "string" ? message : JSON.stringify({ sender_id: "ann", ...message });
  const response = await fetch(`${url}/v1/channels/webhook/${instance}`, {
    method: "POST",
    headers: { "Content-Type": "application/json", ...(options.headers ?? signAsProgram(whole, options)) },
    body: whole,
    keepalive: false,
  });
  return { status: response.status, body: await response.json() };
}

/** Creates an instance of the type `webhook` and returns its id. */
export async function aWebhookInstance(
  { call }: { readonly call: (method: string, path: string, body?: unknown) => Promise<Answer> },
  { config = {}, ...fields }: { readonly config?: object; readonly [field: string]: unknown },
): Promise<string> {
  const answer = await call("POST", "/v1/channel-instances", {
    ...{ name: `program-${crypto.randomUUID().slice(0, 8)}`, channel_type: "webhook" },
    ...{ credentials: { secret: PROGRAM_SECRET }, config, ...fields },
  });
  if (answer.status !== 201) throw new Error(`the instance was not created: ${answer.text}`);
  return answer.body.id;
}

export interface ReceivedCallback {
  readonly headers: Headers;
  readonly text: string;
  // biome-ignore lint/suspicious/noExplicitAny: tests read bodies of every shape
  readonly body: any;
}

/** A server that receives the answers of the gateway. */
export interface CallbackServer {
  readonly port: number;
  readonly url: string;
  /** What came, in order. Repeated deliveries are in it. */
  readonly received: ReceivedCallback[];
  /** Decides the answer of the next requests. The default is 200. */
  answer: (callback: ReceivedCallback) => Response | Promise<Response>;
  stop(): Promise<void>;
}

export function startCallbackServer(): CallbackServer {
  const received: ReceivedCallback[] = [];
  const server = Bun.serve({
    port: 0,
    hostname: "127.0.0.1",
    async fetch(request) {
      const text = await request.text();
      const callback = { headers: request.headers, text, body: JSON.parse(text) };
      received.push(callback);
      return state.answer(callback);
    },
  });
  const state: CallbackServer = {
    port: server.port ?? 0,
    url: `http://127.0.0.1:${server.port}/callback`,
    received,
    answer: () => new Response("ok"),
    stop: () => server.stop(true),
  };
  return state;
}
