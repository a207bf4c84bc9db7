import fc from "fast-check";
import { isRecord } from "#base/json.ts";
import { SchemaValues } from "#testing/fuzz/schema-values.ts";

/** A request as it is sent. */
export interface FuzzRequest {
  readonly path: string;
  /** Undefined for none. */
  readonly body: string | FormData | undefined;
  readonly headers: Readonly<Record<string, string>>;
  /** An index into the callers of the test. */
  readonly caller: number;
}

/** An operation of the OpenAPI document. */
export interface FuzzOperation {
  readonly method: string;
  readonly path: string;
  readonly description: Readonly<Record<string, unknown>>;
}

/** Lists the operations of a document. */
export function operationsOf(document: unknown): readonly FuzzOperation[] {
  const paths = isRecord(document) && isRecord(document.paths) ? document.paths : {};
  return Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(isRecord(methods) ? methods : {}).flatMap(([method, description]) =>
      isRecord(description) ? [{ method: method.toUpperCase(), path, description }] : [],
    ),
  );
}

const HEADERS: readonly Readonly<Record<string, string>>[] = [
  {},
  {},
  {},
  { "X-GoClaw-User-Id": encodeURIComponent("Đặng 🦊") },
  { "X-GoClaw-User-Id": "x".repeat(300) },
  { "X-GoClaw-Agent-Id": "no-such-agent" },
  { "X-GoClaw-Tenant-Id": "no-such-tenant" },
  { "X-GoClaw-Session-Key": "agent:isolated:fuzz" },
  { "Accept-Language": "vi;q=0.1, zh" },
  { Accept: "text/event-stream" },
  { Range: "bytes=5-2" },
  { "If-None-Match": '"x", *' },
  { "Last-Event-ID": "9:9:9" },
  { traceparent: "00-zz-01" },
];

/** Streams that have no end, so their reader would wait for one. */
const ENDLESS: readonly string[] = ["/v1/events"];

/** What a client may send in place of JSON. */
const BROKEN_BODIES = ["", "{", "[1,2", "null", '"text"', '{"a":1,"a":2}', `${"[".repeat(2_000)}${"]".repeat(2_000)}`];

export interface FuzzOptions {
  readonly operation: FuzzOperation;
  readonly document: unknown;
  /** Ids that exist, by the parameter with the segment before it, such as `agents/{id}`. */
  readonly ids: Readonly<Record<string, string>>;
  readonly callers: number;
}

/** Generates requests of an operation. */
export function requestsOf({ operation, document, ids, callers }: FuzzOptions): fc.Arbitrary<FuzzRequest> {
  const components = isRecord(document) && isRecord(document.components) ? document.components : {};
  const values = new SchemaValues(isRecord(components.schemas) ? components.schemas : {});
  return fc.record({
    path: fc
      .tuple(pathOf(operation.path, ids), queryOf(operation, values))
      .map(([path, query]) => (query === "" ? path : `${path}?${query}`)),
    body: bodyOf(operation, values),
    headers: fc.constantFrom(...HEADERS.filter(({ Accept }) => !(Accept && ENDLESS.includes(operation.path)))),
    caller: fc.nat({ max: callers - 1 }),
  });
}

const PARAMETER = /([\w-]+)\/\{(\w+)\}/g;

function pathOf(path: string, ids: FuzzOptions["ids"]): fc.Arbitrary<string> {
  const names = [...path.matchAll(PARAMETER)].map(([parameter]) => parameter);
  const value = (parameter: string) =>
    fc.oneof(
      { weight: 6, arbitrary: fc.constant(encodeURIComponent(ids[parameter] ?? "isolated")) },
      { weight: 2, arbitrary: fc.uuid() },
      {
        weight: 2,
        arbitrary: fc
          .oneof(fc.constantFrom("a/b", "...", "%", "\u0000", "🦊", "a b", "x".repeat(400)), fc.string())
          .map((text) => encodeURIComponent(text.toWellFormed())),
      },
      { weight: 1, arbitrary: fc.constantFrom("%zz", "..%2f..", "a;b", "*") },
    );
  return fc.tuple(...names.map(value)).map((chosen) => {
    let next = 0;
    return path.replaceAll(PARAMETER, (_, segment: string) => `${segment}/${chosen[next++]}`);
  });
}

function queryOf({ description }: FuzzOperation, values: SchemaValues): fc.Arbitrary<string> {
  const parameters = Array.isArray(description.parameters) ? description.parameters.filter(isRecord) : [];
  const fields = Object.fromEntries(
    parameters
      .filter(({ in: place }) => place === "query")
      .map(({ name, schema }) => [String(name), values.of(schema).map(toQueryText)]),
  );
  return fc.record(fields, { requiredKeys: [] }).map((chosen) => {
    const query = new URLSearchParams();
    for (const [name, value] of Object.entries(chosen)) query.set(name, value ?? "");
    return query.toString();
  });
}

const toQueryText = (value: unknown): string =>
  (typeof value === "string" ? value : (JSON.stringify(value) ?? "")).toWellFormed();

function bodyOf({ description }: FuzzOperation, values: SchemaValues): fc.Arbitrary<FuzzRequest["body"]> {
  const body = isRecord(description.requestBody) ? description.requestBody : undefined;
  const content = body && isRecord(body.content) ? body.content : {};
  const json = content["application/json"];
  if (isRecord(json)) {
    return fc.oneof(
      { weight: 12, arbitrary: values.of(json.schema).map((value) => JSON.stringify(value) ?? "") },
      { weight: 1, arbitrary: fc.constantFrom(...BROKEN_BODIES) },
    );
  }
  if (isRecord(content["multipart/form-data"])) return fc.string({ unit: "grapheme" }).map(toForm);
  return fc.constant(undefined);
}

function toForm(text: string): FormData {
  const form = new FormData();
  form.set("file", new File([text], `${text.slice(0, 20)}.txt`));
  return form;
}
