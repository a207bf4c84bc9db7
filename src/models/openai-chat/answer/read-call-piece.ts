import { isRecord, recordOf } from "#base/json.ts";

/**
 * Reads a tool call or a piece of one, in the variants of the servers that speak the format. A field that is missing or
 * of another type is empty.
 */
export function readCallPiece(received: object) {
  const call = recordOf(received);
  const called = isRecord(call.function) ? call.function : call;
  const parts = [called.arguments, called.parameters, called.input];
  return {
    index: toIndex(call.index),
    id: textOf(call.id),
    name: textOf(called.name),
    arguments: parts.map(toArgumentText).find((text) => text !== "") ?? "",
    extraContent: call.extra_content,
  };
}

function toIndex(value: unknown): number | undefined {
  const index = typeof value === "string" && value !== "" ? Number(value) : value;
  return Number.isSafeInteger(index) && Number(index) >= 0 ? Number(index) : undefined;
}

const textOf = (value: unknown): string => (typeof value === "string" ? value : "");

/** Converts arguments into text. Some servers send them as an object. */
function toArgumentText(value: unknown): string {
  if (typeof value === "string") return value;
  return value !== null && typeof value === "object" ? JSON.stringify(value) : "";
}
