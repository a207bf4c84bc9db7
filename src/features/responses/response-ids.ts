import { isUuid } from "#base/ids.ts";

// The ids of responses and items are those of runs, messages and calls in OpenAI's form.

const toHex = (uuid: string): string => uuid.replaceAll("-", "");

/** Returns the UUID with these hex digits, or undefined if they make none. */
function toUuid(hex: string): string | undefined {
  const uuid = hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
  return isUuid(uuid) ? uuid.toLowerCase() : undefined;
}

/** Returns the id of a run's response. GoClaw's own clients know it with another separator. */
export const toResponseId = (runId: string, separator: "_" | "-" = "_"): string => `resp${separator}${toHex(runId)}`;

/** Returns the run of a response, or undefined for text that is no id of a response. */
export const toRunId = (responseId: string): string | undefined =>
  /^resp[_-]/.test(responseId) ? toUuid(responseId.slice(5)) : undefined;

/** Returns the time of a run's creation in seconds since 1970. A UUIDv7 begins with its time in milliseconds. */
export const createdAtOf = (runId: string): number =>
  Math.floor(Number.parseInt(toHex(runId).slice(0, 12), 16) / 1_000);

export const toMessageItemId = (messageId: string): string => `msg_${toHex(messageId)}`;
export const toReasoningItemId = (messageId: string): string => `rs_${toHex(messageId)}`;
export const toCallItemId = (callId: string): string => callId.replace(/^(?:call_)?/, "fc_");
export const toResultItemId = (callId: string): string => callId.replace(/^(?:call_)?/, "fco_");

/** What the id of an item names. */
export type NamedItem =
  | { readonly kind: "message" | "reasoning"; readonly messageId: string }
  | { readonly kind: "call"; readonly callId: string };

/** Returns what an item's id names, or undefined for an id that the gateway never gives. */
export function parseItemId(id: string): NamedItem | undefined {
  const [, prefix, rest = ""] = /^(msg|rs|fc)_([0-9a-f]{24,32})$/.exec(id) ?? [];
  if (prefix === undefined) return undefined;
  if (prefix === "fc") return { kind: "call", callId: `call_${rest}` };
  const messageId = toUuid(rest);
  return messageId === undefined ? undefined : { kind: prefix === "msg" ? "message" : "reasoning", messageId };
}
