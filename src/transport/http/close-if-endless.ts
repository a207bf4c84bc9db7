import { SECOND } from "#base/clock.ts";
import type { HeaderFields } from "#transport/http/http-dependencies.ts";

const MAX_BYTES = 1_024 * 1_024;
const MAX_WAIT = 1 * SECOND;

/**
 * Reads the rest of a refused request's body, so that the client can read the answer. Returns the header that closes the
 * connection if the body has no length and does not end soon. The server reads and drops a body with a length itself.
 */
export async function closeIfEndless({ headers, body, bodyUsed }: Request): Promise<HeaderFields> {
  if (!headers.has("transfer-encoding")) return {};
  if (bodyUsed || body === null) return CLOSE;
  const reader = body.getReader();
  const { promise: late, resolve } = Promise.withResolvers<"late">();
  const timer = setTimeout(resolve, MAX_WAIT, "late");
  try {
    for (let read = 0; read < MAX_BYTES; ) {
      const part = await Promise.race([reader.read(), late]);
      if (part === "late") return CLOSE;
      if (part.done) return {};
      read += part.value.byteLength;
    }
    return CLOSE;
  } catch {
    return CLOSE;
  } finally {
    clearTimeout(timer);
  }
}

const CLOSE: HeaderFields = { Connection: "close" };
