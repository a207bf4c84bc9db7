import { isRecord } from "#base/json.ts";
import type { ApiOperation } from "#contract/reference/api-document.ts";
import type { Exchange, ExchangeBody } from "#contract/reference/exchange.ts";
import type { ExampleWorld } from "#testing/reference/create-example-world.ts";
import {
  anyForm,
  type ExampleIds,
  type ExampleValues,
  exampleValuesOf,
  NEEDED_VALUES,
  PATH_VALUES,
  withRealIds,
} from "#testing/reference/example-values.ts";
import type { CallOptions, TestGateway } from "#testing/test-gateway.ts";

const ANSWER_MS = 20_000;
/** Stands for a parameter that has no fixture. The gateway answers that it knows nothing by this id. */
const UNKNOWN_ID = "0193a5b0-7000-7000-8000-000000000000";

/** Returns first what reads, then what changes, then what deletes: the parts before what they belong to. */
export function inOrder(operations: readonly ApiOperation[]): readonly ApiOperation[] {
  const isRead = ({ route }: ApiOperation) => route.method === "GET";
  const isDeletion = ({ route }: ApiOperation) => route.method === "DELETE";
  return [
    ...operations.filter(isRead),
    ...operations.filter((operation) => !isRead(operation) && !isDeletion(operation)),
    ...operations.filter(isDeletion).reverse(),
  ];
}

/** Sends the example of an operation. Those of several operations are sent in the order of `inOrder`. */
export async function sendExample(
  gateway: TestGateway,
  operation: ApiOperation,
  world: ExampleWorld,
): Promise<Exchange> {
  const { method } = operation.route;
  const values = exampleValuesOf(operation.name, world.ids, world.now);
  const { bearer = gateway.token, user } = callerOf(operation, values, world);
  const path = pathOf(operation, world.ids, values) + queryOf(operation, values);
  const { body, sent, headers } = bodyOf(operation, world.ids, values);
  const { cookie } = values;
  const shown = {
    ...(cookie !== undefined && { Cookie: cookie }),
    ...(user && { "X-GoClaw-User-Id": user }),
    ...headers,
  };
  const response = await fetch(gateway.url + path, {
    method,
    headers: { ...shown, ...(bearer !== null && { Authorization: `Bearer ${bearer}` }) },
    ...(sent !== undefined && { body: sent }),
    signal: AbortSignal.timeout(ANSWER_MS),
  });
  return {
    ...{ method, path, body, headers: shown },
    hasToken: bearer !== null,
    status: response.status,
    mediaType: response.headers.get("content-type")?.split(";")[0] ?? "",
    text: await response.text(),
  };
}

function callerOf({ access }: ApiOperation, { cookie }: ExampleValues, { admin, owner }: ExampleWorld): CallOptions {
  if (access === "public" || cookie !== undefined) return { bearer: null, user: null };
  return access.tenant === "scoped" ? admin : owner;
}

function pathOf({ route }: ApiOperation, ids: ExampleIds, { path = {} }: ExampleValues): string {
  return route.path.replaceAll(/([\w-]+)\/\{(\w+)\}/g, (parameter, segment: string, name: string) => {
    const value = path[name] ?? PATH_VALUES[parameter] ?? ids[parameter] ?? UNKNOWN_ID;
    return `${segment}/${encodeURIComponent(value).replaceAll("%3A", ":").replaceAll("%2F", "/")}`;
  });
}

function queryOf({ parameters }: ApiOperation, { query = {} }: ExampleValues): string {
  const needed = parameters.flatMap(({ in: place, name, required }): readonly (readonly [string, string])[] => {
    const value = NEEDED_VALUES[name];
    return place === "query" && required && value !== undefined ? [[name, value]] : [];
  });
  const text = new URLSearchParams({ ...Object.fromEntries(needed), ...query }).toString();
  return text === "" ? "" : `?${text.replaceAll("%3A", ":").replaceAll("%2F", "/")}`;
}

interface SentBody {
  readonly body: ExchangeBody | undefined;
  readonly sent?: string | FormData;
  readonly headers?: Readonly<Record<string, string>>;
}

function bodyOf({ body }: ApiOperation, ids: ExampleIds, { fields, form, raw }: ExampleValues): SentBody {
  if (raw) return { body: { kind: "text", text: raw.text }, sent: raw.text, headers: raw.headers };
  if (body?.mediaType === "multipart/form-data") {
    const sent = form ?? anyForm();
    const file = sent.get("file");
    return { body: { kind: "form", fileName: file instanceof File ? file.name : "" }, sent };
  }
  if (!isRecord(body?.example)) return { body: undefined };
  const value = withRealIds({ ...body.example, ...fields }, ids);
  const headers = { "Content-Type": "application/json" };
  return { body: { kind: "json", value }, sent: JSON.stringify(value), headers };
}
