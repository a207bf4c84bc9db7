import type { Exchange, ExchangeBody } from "#contract/reference/exchange.ts";

/** A text that differs from run to run, and what is shown in its place. */
export type Renamed = readonly [text: string, shown: string];

/** Patterns of ids and credentials: a UUID, its 32 digits alone or behind a prefix, and the end of a session's key. */
/** A place in the feed of a tenant. */
const FEED_CURSOR = /([\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12})\.\d+/g;
const ID = /[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}|(?<![0-9a-f])[0-9a-f]{32}(?![0-9a-f])/g;
const SHORT_ID = /(?<=[-_"])[0-9a-f]{8}(?=["…/:?& \\]|$)/g;
/** What a person types in to pair a chat. */
const PAIRING_CODE = /(?<="code":")[0-9A-Z]{8}(?=")/g;
const SIGNATURE = /(?<=\b(?:ft=|v1=))[\w.~-]{20,}/g;
/** Seconds since 1970, by which OpenAI's objects are dated. */
const UNIX_TIME = /(?<="(?:created|created_at|completed_at)":)1\d{9}\b/g;
/** The value of a metric. */
const METRIC = /(?<=^\w+(?:\{.*\})? )[\d.e+-]+$/gm;
/** The hash of the activity log. */
const CHAIN_HASH = /(?<="hash":")[0-9a-f]{64}(?=")/g;
/** The size of a disk. */
const FREE_SPACE = /\d+(?:\.\d+)? [KMGT]iB free/g;
/** Durations depend on the machine. */
const DURATION = /(?<="(?:\w+_)?(?:ms|seconds|uptime)":)\d+(?:\.\d+)?/g;

/**
 * Replaces what differs from run to run by what does not. Ids are numbered by their order in the exchange, and all else
 * becomes constant.
 */
export function stabilise(exchange: Exchange, renamed: readonly Renamed[]): Exchange {
  const ids = new Map<string, number>();
  const numberOf = (id: string) => {
    const known = ids.get(id) ?? ids.size + 1;
    ids.set(id, known);
    return known;
  };
  const toStableId = (id: string): string => {
    const digits = `0193a5b0700070008000${String(numberOf(id.replaceAll("-", ""))).padStart(12, "0")}`;
    return id.includes("-") ? digits.replace(/(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-") : digits;
  };
  const toStable = (text: string): string =>
    renamed
      .reduce((part, [from, to]) => part.replaceAll(from, to), text)
      .replaceAll("isolated", "sample")
      .replaceAll(FEED_CURSOR, "$1.49")
      .replaceAll(ID, toStableId)
      .replaceAll(SHORT_ID, (id) => `1f0d8c${String(numberOf(id)).padStart(2, "0")}`)
      .replaceAll(SIGNATURE, "5vJ0cXK2…")
      .replaceAll(PAIRING_CODE, "5SA25FSG")
      .replaceAll(UNIX_TIME, "1768469400")
      .replaceAll(CHAIN_HASH, "5f1d7a84db00d2fce00b31a7fc73224f0c8a4c3e9d5be0a3c1f9a0b6cf2d1e87")
      .replaceAll(FREE_SPACE, "68.2 GiB free")
      .replaceAll(METRIC, "12")
      .replaceAll(DURATION, "12");
  return {
    ...exchange,
    path: toStable(exchange.path),
    headers: Object.fromEntries(Object.entries(exchange.headers).map(([name, value]) => [name, toStable(value)])),
    body: toStableBody(exchange.body, toStable),
    text: toStable(exchange.text),
  };
}

function toStableBody(body: ExchangeBody | undefined, toStable: (text: string) => string): ExchangeBody | undefined {
  switch (body?.kind) {
    case undefined:
      return undefined;
    case "json":
      return { kind: "json", value: JSON.parse(toStable(JSON.stringify(body.value))) };
    case "text":
      return { kind: "text", text: toStable(body.text) };
    case "form":
      return { kind: "form", fileName: toStable(body.fileName) };
  }
}
