import { AppError } from "#base/errors.ts";
import { isRecord, JsonDepthError, parseJson } from "#base/json.ts";
import { LIMITS } from "#base/limits.ts";

export interface BodyRules {
  readonly maxBytes: number;
  /** Whether a body of another type than JSON may still be read as JSON. A browser form cannot send a bearer. */
  readonly acceptsAnyType: boolean;
}

/** The JSON object of a request, or an empty one. Size, encoding and nesting are checked before it is parsed. */
export async function readJsonBody(request: Request, rules: BodyRules): Promise<Record<string, unknown>> {
  refuseCompressed(request);
  const bytes = await readBytes(request, rules.maxBytes);
  if (bytes.length === 0) return {};
  const isJson = isJsonType(request.headers.get("content-type"));
  if (!isJson && !rules.acceptsAnyType) throw unsupportedType();

  const value = parse(decodeUtf8(bytes), isJson);
  if (!isRecord(value)) throw new AppError("INVALID_REQUEST", "error.body_no_object", {});
  return value;
}

/** Reads at most `maxBytes`, and stops taking bytes from the client as soon as there are more. */
export async function readBytes(request: Request, maxBytes: number): Promise<Uint8Array<ArrayBuffer>> {
  const tooLarge = () => new AppError("INVALID_REQUEST", "error.body_too_large", { max: maxBytes }, { status: 413 });
  if (Number(request.headers.get("content-length") ?? 0) > maxBytes) throw tooLarge();
  // A length is what the connection holds the body to; only without one the parts have to be counted.
  if (request.headers.has("content-length") && !request.headers.has("transfer-encoding")) {
    return new Uint8Array(await request.arrayBuffer());
  }
  if (!request.body) return new Uint8Array();
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const part of request.body) {
    size += part.byteLength;
    if (size > maxBytes) throw tooLarge();
    parts.push(part);
  }
  return new Uint8Array(Buffer.concat(parts, size));
}

function parse(text: string, isJson: boolean): unknown {
  try {
    return parseJson(text, LIMITS.jsonDepth);
  } catch (thrown) {
    if (thrown instanceof JsonDepthError) {
      throw new AppError("INVALID_REQUEST", "error.json_too_deep", { max: LIMITS.jsonDepth });
    }
    if (!isJson) throw unsupportedType();
    throw new AppError("INVALID_REQUEST", "error.invalid_json", {});
  }
}

const STRICT_UTF8 = new TextDecoder("utf-8", { fatal: true });

// A byte order mark is skipped; bytes that are not UTF-8 are refused instead of replaced.
function decodeUtf8(bytes: Uint8Array): string {
  try {
    return STRICT_UTF8.decode(bytes);
  } catch {
    throw new AppError("INVALID_REQUEST", "error.invalid_utf8", {});
  }
}

function refuseCompressed(request: Request): void {
  const encoding = request.headers.get("content-encoding") ?? "identity";
  if (encoding.toLowerCase() !== "identity") throw unsupportedType();
}

function isJsonType(header: string | null): boolean {
  if (header === null) return true;
  const type = header.split(";")[0]?.trim().toLowerCase() ?? "";
  return type === "application/json" || type.endsWith("+json");
}

const unsupportedType = () =>
  new AppError("INVALID_REQUEST", "error.unsupported_media_type", { expected: "application/json" }, { status: 415 });
