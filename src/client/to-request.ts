import { GoClawError } from "#client/errors.ts";
import { ROUTES } from "#client/generated/operations.ts";
import type { CallOptions, ClientOptions, HttpOperationName } from "#client/types.ts";

interface Route {
  readonly method: string;
  readonly path: string;
  readonly body?: string;
  readonly answer?: "bytes";
}

export const routeOf = (name: HttpOperationName): Route => ROUTES[name];

/** Makes the request of a call: fields of the path, then the query or the body. */
export function toRequest(
  name: HttpOperationName,
  input: Readonly<Record<string, unknown>>,
  client: ClientOptions,
  { idempotencyKey }: CallOptions,
): { readonly url: string; readonly init: RequestInit } {
  const { method, path, body: kind } = routeOf(name);
  const rest = new Map(Object.entries(input).filter(([, value]) => value !== undefined));
  const filled = path.replaceAll(/\{(\w+)(\.\.\.)?\}/g, (_, field: string, isPath?: string) => {
    const value = requirePart(field, String(rest.get(field) ?? ""), isPath !== undefined);
    rest.delete(field);
    return isPath ? value.split("/").map(encodeURIComponent).join("/") : encodeURIComponent(value);
  });
  const isQuery = method === "GET" || method === "DELETE";
  const query = isQuery && rest.size > 0 ? `?${toQuery(rest)}` : "";
  const body =
    isQuery || kind === "none" ? undefined : kind === "multipart" ? toForm(rest) : JSON.stringify(toObject(rest));
  return {
    url: client.url.replace(/\/+$/, "") + filled + query,
    init: {
      method,
      headers: {
        ...toHeaders(client),
        Accept: "application/json",
        ...(typeof body === "string" && { "Content-Type": "application/json" }),
        ...(method === "POST" && idempotencyKey !== undefined && { "Idempotency-Key": idempotencyKey }),
      },
      ...(body !== undefined && { body }),
    },
  };
}

/** Names may have letters of any language, which headers carry percent-encoded. */
export const toHeaders = ({ token, senderId, userId, tenant, locale }: ClientOptions): Record<string, string> => ({
  ...(token !== undefined && { Authorization: `Bearer ${token}` }),
  ...(senderId !== undefined && { "X-GoClaw-Sender-Id": senderId }),
  ...(userId !== undefined && { "X-GoClaw-User-Id": encodeURIComponent(userId) }),
  ...(tenant !== undefined && { "X-GoClaw-Tenant-Id": tenant }),
  ...(locale !== undefined && { "Accept-Language": locale }),
});

/** Returns a part of a path. What is empty, or goes up in the path, would address something else. */
function requirePart(field: string, value: string, isPath: boolean): string {
  const parts = isPath ? value.split("/") : [value];
  if (value !== "" && !parts.some((part) => part === "." || part === "..")) return value;
  const message = value === "" ? `the field ${field} is missing` : `the field ${field} cannot be ${value}`;
  throw new GoClawError({ code: "INVALID_REQUEST", message, retryable: false, retryAfterMs: 0 });
}

const toObject = (fields: ReadonlyMap<string, unknown>) => Object.fromEntries(fields);

const toQuery = (fields: ReadonlyMap<string, unknown>): string =>
  new URLSearchParams(Object.fromEntries([...fields].map(([name, value]) => [name, String(value)]))).toString();

function toForm(fields: ReadonlyMap<string, unknown>): FormData {
  const form = new FormData();
  for (const [name, value] of fields) form.append(name, value instanceof Blob ? value : String(value));
  return form;
}
