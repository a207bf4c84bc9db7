import { onTestFinished } from "bun:test";
import http, { type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { createEgress, type EgressOptions } from "#base/egress/create-egress.ts";
import type { EgressError } from "#base/egress/egress-error.ts";
import type { EgressPurpose } from "#base/egress/egress-policy.ts";

type Handler = (request: IncomingMessage, response: ServerResponse) => void;

/** Starts a server on loopback that records its requests. */
export async function aServer(handler: Handler = (_, response) => response.end("reached")) {
  const requests: IncomingMessage[] = [];
  const server = http.createServer((request, response) => {
    requests.push(request);
    handler(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  return { port, requests, url: `http://127.0.0.1:${port}` };
}

/** Creates an egress that may reach these `host:port` pairs in addition to the public internet. */
export function anEgress(allowHosts: readonly string[], options: EgressOptions = {}, purpose: EgressPurpose = "web") {
  const egress = createEgress({ allowHosts: new Set(allowHosts), allowPrivateProviderUrls: false }, options);
  onTestFinished(() => egress.close());
  return egress.for(purpose);
}

/** Returns the error that a promise was rejected with. */
export const failure = (promise: Promise<unknown>): Promise<EgressError> =>
  promise.then(
    () => Promise.reject(new Error("it did not fail")),
    (error) => error,
  );
/** Returns the kind of the error that a promise was rejected with. */
export const kindOf = async (promise: Promise<unknown>) => (await failure(promise)).kind;

/** Returns the whole body of a request, as text. */
export async function readBody(request: IncomingMessage) {
  let text = "";
  request.setEncoding("utf8");
  for await (const chunk of request) text += chunk;
  return text;
}
