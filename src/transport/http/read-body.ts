import { AppError } from "#base/errors.ts";
import { isRecord } from "#base/json.ts";
import { LIMITS } from "#base/limits.ts";
import type { HttpOperation } from "#core/operation.ts";
import type { ServiceToken } from "#core/service.ts";
import type { BodyHold } from "#transport/http/body-budget.ts";
import { freeBytes, GrowingBytes } from "#transport/http/growing-bytes.ts";
import { findBoundary } from "#transport/http/multipart/part-headers.ts";
import { invalidForm } from "#transport/http/multipart/part-scanner.ts";
import { type ReceiveFile, receiveForm } from "#transport/http/multipart/receive-form.ts";

/** Parses a JSON body. Throws `SyntaxError` if it is not JSON. */
type ParseBody = (bytes: Uint8Array<ArrayBuffer>) => Promise<unknown>;

export interface BodyReader {
  readonly use: (limit: ServiceToken<number>) => number;
  readonly hasBearer: boolean;
  readonly hold: BodyHold;
  readonly parse: ParseBody;
  /** Stores a file of a form while it comes. */
  readonly receive: ReceiveFile;
}

/**
 * Reads the input fields in the body of a request. With `hasBearer`, JSON may have any content type. This is safe,
 * because a browser form of another site cannot send a bearer token. Throws 400, 413, 415 or 503 for a body that it
 * cannot read.
 */
export async function readBody(
  request: Request,
  { http, body }: HttpOperation,
  { use, hasBearer, hold, parse, receive }: BodyReader,
): Promise<object> {
  const { method } = request;
  if (method === "GET" || method === "HEAD" || http.method === "DELETE" || body?.kind === "none") return {};
  const limit = body?.maxBytes ?? LIMITS.jsonBody;
  const maxBytes = typeof limit === "number" ? limit : use(limit);
  switch (body?.kind ?? "json") {
    case "json":
      return readJsonBody(request, { maxBytes, acceptsAnyType: hasBearer, hold, parse });
    case "bytes":
      return { body: await readBytes(request, maxBytes, hold) };
    case "multipart":
      return readForm(request, maxBytes, receive);
  }
}

/** Reads a form whose files go to disk while they come. */
async function readForm(request: Request, maxBytes: number, receive: ReceiveFile): Promise<object> {
  const type = request.headers.get("content-type") ?? "";
  if (!/^multipart\/form-data\b/i.test(type)) throw unsupportedType("multipart/form-data");
  const boundary = findBoundary(type);
  if (boundary === undefined) throw invalidForm();
  refuseLonger(request, maxBytes);
  if (!request.body) throw brokenOff();
  return receiveForm(limitBody(request.body, maxBytes), boundary, receive);
}

/** Yields a body. Each part is valid until the next one is asked for, so that an upload needs little memory. */
async function* limitBody(body: AsyncIterable<Uint8Array>, maxBytes: number): AsyncGenerator<Uint8Array> {
  let size = 0;
  try {
    for await (const part of body) {
      size += part.byteLength;
      if (size > maxBytes) throw tooLarge(maxBytes);
      yield part;
      freeBytes(part);
    }
  } catch (thrown) {
    throw thrown instanceof AppError ? thrown : brokenOff();
  }
}

const tooLarge = (max: number) => new AppError("INVALID_REQUEST", "error.body_too_large", { max }, { status: 413 });

function refuseLonger(request: Request, maxBytes: number): void {
  if (Number(request.headers.get("content-length") ?? 0) > maxBytes) throw tooLarge(maxBytes);
}

/** Up to this many bytes, a body is read in one piece. */
const SMALL_BODY = 256 * 1_024;

interface BodyRules {
  readonly maxBytes: number;
  readonly acceptsAnyType: boolean;
  readonly hold: BodyHold;
  readonly parse: ParseBody;
}

/**
 * Returns the JSON object of a request, or {} for an empty body. Checks size, encoding and nesting before it parses.
 */
async function readJsonBody(request: Request, rules: BodyRules): Promise<Record<string, unknown>> {
  refuseCompressed(request);
  const bytes = await readBytes(request, rules.maxBytes, rules.hold);
  if (bytes.byteLength === 0) return {};
  const isJson = isJsonType(request.headers.get("content-type"));
  if (!isJson && !rules.acceptsAnyType) throw unsupportedType("application/json");
  await rules.hold.takeTurn();

  const value = await rules.parse(bytes).catch((thrown: unknown): never => {
    if (!(thrown instanceof SyntaxError)) throw thrown;
    if (!isJson) throw unsupportedType("application/json");
    throw new AppError("INVALID_REQUEST", "error.invalid_json", {});
  });
  if (!isRecord(value)) throw new AppError("INVALID_REQUEST", "error.body_no_object", {});
  return value;
}

/** Reads the body. Stops and throws 413 as soon as it exceeds `maxBytes`. */
async function readBytes(request: Request, maxBytes: number, hold: BodyHold): Promise<Uint8Array<ArrayBuffer>> {
  refuseLonger(request, maxBytes);
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
  const bytes = new GrowingBytes(maxBytes);
  let size = 0;
  try {
    for await (const part of request.body) {
      size += part.byteLength;
      hold.take(part.byteLength);
      if (size > maxBytes) throw tooLarge(maxBytes);
      await hold.copying.run(part.byteLength, () => bytes.add(part));
    }
  } catch (thrown) {
    throw thrown instanceof AppError ? thrown : brokenOff();
  }
  return bytes.end();
}

/** Nobody reads the answer, so this only keeps the failure of a client out of the log of errors. */
const brokenOff = () => new AppError("INVALID_REQUEST", "error.body_incomplete", {});

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
