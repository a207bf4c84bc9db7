import { AppError } from "#base/errors.ts";
import { isRecord, JsonDepthError, JsonSizeError, parseJson } from "#base/json.ts";
import { LIMITS } from "#base/limits.ts";
import type { HttpOperation } from "#core/operation.ts";
import type { BodyHold } from "#transport/http/body-budget.ts";

export interface BodyReader {
  readonly hasBearer: boolean;
  readonly hold: BodyHold;
}

/**
 * Reads the input fields in the body of a request. With `hasBearer`, JSON may have any content type. This is safe,
 * because a browser form of another site cannot send a bearer token. Throws 400, 413, 415 or 503 for a body that it
 * cannot read.
 */
export async function readBody(
  request: Request,
  { http, body }: HttpOperation,
  { hasBearer, hold }: BodyReader,
): Promise<object> {
  const { method } = request;
  if (method === "GET" || method === "HEAD" || http.method === "DELETE" || body?.kind === "none") return {};
  const maxBytes = body?.maxBytes ?? LIMITS.jsonBody;
  switch (body?.kind ?? "json") {
    case "json":
      return readJsonBody(request, { maxBytes, acceptsAnyType: hasBearer, hold });
    case "bytes":
      return { body: await readBytes(request, maxBytes, hold) };
    case "multipart":
      return readForm(request, maxBytes, hold);
  }
}

async function readForm(request: Request, maxBytes: number, hold: BodyHold): Promise<object> {
  const type = request.headers.get("content-type") ?? "";
  if (!type.toLowerCase().startsWith("multipart/form-data")) throw unsupportedType("multipart/form-data");
  const bytes = await readBytes(request, maxBytes, hold);
  try {
    const form = await new Response(bytes, { headers: { "Content-Type": type } }).formData();
    return Object.fromEntries(form.entries());
  } catch {
    throw new AppError("INVALID_REQUEST", "error.invalid_request", { detail: "multipart/form-data" });
  }
}

/** Up to this many bytes, a body is read in one piece. */
const SMALL_BODY = 256 * 1_024;

interface BodyRules {
  readonly maxBytes: number;
  readonly acceptsAnyType: boolean;
  readonly hold: BodyHold;
}

/**
 * Returns the JSON object of a request, or {} for an empty body. Checks size, encoding and nesting before it parses.
 */
async function readJsonBody(request: Request, rules: BodyRules): Promise<Record<string, unknown>> {
  refuseCompressed(request);
  const bytes = await readBytes(request, rules.maxBytes, rules.hold);
  if (bytes.length === 0) return {};
  const isJson = isJsonType(request.headers.get("content-type"));
  if (!isJson && !rules.acceptsAnyType) throw unsupportedType("application/json");

  const value = parse(decodeUtf8(bytes), isJson);
  if (!isRecord(value)) throw new AppError("INVALID_REQUEST", "error.body_no_object", {});
  return value;
}

/** Reads the body. Stops and throws 413 as soon as it exceeds `maxBytes`. */
async function readBytes(request: Request, maxBytes: number, hold: BodyHold): Promise<Uint8Array<ArrayBuffer>> {
  const tooLarge = () => new AppError("INVALID_REQUEST", "error.body_too_large", { max: maxBytes }, { status: 413 });
  if (Number(request.headers.get("content-length") ?? 0) > maxBytes) throw tooLarge();
  // The server limits a body to its declared length. A large one counts as it comes, because it may come slowly.
  const length = Number(request.headers.get("content-length") ?? Number.POSITIVE_INFINITY);
  if (length <= SMALL_BODY && !request.headers.has("transfer-encoding")) {
    hold.take(length);
    const whole = await request.arrayBuffer().catch((): never => {
      throw brokenOff();
    });
    return new Uint8Array(whole);
  }
  if (!request.body) return new Uint8Array();
  const parts: Uint8Array[] = [];
  let size = 0;
  try {
    for await (const part of request.body) {
      size += part.byteLength;
      hold.take(part.byteLength);
      if (size > maxBytes) throw tooLarge();
      parts.push(part);
    }
  } catch (thrown) {
    throw thrown instanceof AppError ? thrown : brokenOff();
  }
  return new Uint8Array(Buffer.concat(parts, size));
}

/** Nobody reads the answer, so this only keeps the failure of a client out of the log of errors. */
const brokenOff = () => new AppError("INVALID_REQUEST", "error.body_incomplete", {});

function parse(text: string, isJson: boolean): unknown {
  try {
    return parseJson(text, { maxDepth: LIMITS.jsonDepth, maxValues: LIMITS.jsonValues });
  } catch (thrown) {
    if (thrown instanceof JsonDepthError) {
      throw new AppError("INVALID_REQUEST", "error.json_too_deep", { max: LIMITS.jsonDepth });
    }
    if (thrown instanceof JsonSizeError) {
      throw new AppError("INVALID_REQUEST", "error.json_too_many_values", { max: LIMITS.jsonValues });
    }
    if (!isJson) throw unsupportedType("application/json");
    throw new AppError("INVALID_REQUEST", "error.invalid_json", {});
  }
}

const STRICT_UTF8 = new TextDecoder("utf-8", { fatal: true });

// Skips a byte order mark. Refuses invalid UTF-8 instead of replacing it.
function decodeUtf8(bytes: Uint8Array): string {
  try {
    return STRICT_UTF8.decode(bytes);
  } catch {
    throw new AppError("INVALID_REQUEST", "error.invalid_utf8", {});
  }
}

function refuseCompressed(request: Request): void {
  const encoding = request.headers.get("content-encoding") ?? "identity";
  if (encoding.toLowerCase() !== "identity") throw unsupportedType("application/json");
}

function isJsonType(header: string | null): boolean {
  if (header === null) return true;
  const type = header.split(";")[0]?.trim().toLowerCase() ?? "";
  return type === "application/json" || type.endsWith("+json");
}

const unsupportedType = (expected: string) =>
  new AppError("INVALID_REQUEST", "error.unsupported_media_type", { expected }, { status: 415 });
