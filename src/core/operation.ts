import type { z } from "zod";
import type { ErrorCode } from "#base/errors.ts";
import type { AccessRule } from "#core/access.ts";
import type { Context } from "#core/context.ts";
import type { BytesReply, Reply, StreamReply } from "#core/reply.ts";

export type HttpMethod = "GET" | "POST" | "PUT" | "PATCH" | "DELETE";

export interface HttpRoute {
  readonly method: HttpMethod;
  /** `{name}` stands for one path segment, `{name...}` for the rest of the path. */
  readonly path: `/${string}`;
}

/** What an operation does to the records: its action is also the name of the event that follows the commit. */
export interface AuditRule {
  readonly action: `${string}.${string}`;
  readonly entity: string;
}

/** One thing the gateway can do. REST, OpenAPI, the typed client and later doors are all read from it. */
export interface Operation<Name extends string, Input extends z.ZodObject, Output extends z.ZodType> {
  /** `agents.create`: operationId, metric label, name on other transports. */
  readonly name: Name;
  readonly http: HttpRoute & {
    readonly status?: 200 | 201 | 202;
    readonly aliases?: readonly HttpRoute[];
  };
  readonly access: AccessRule | "public";
  readonly summary: string;
  readonly description?: string;
  readonly tag: string;
  readonly input: Input;
  readonly output: Output;
  /** What it may answer beside the errors that every operation shares. */
  readonly errors: readonly ErrorCode[];
  readonly audit?: AuditRule;
  /** How the request body is carried; JSON unless it says otherwise. Ignored for GET and DELETE. */
  readonly body?: { readonly kind?: "json" | "multipart" | "bytes" | "none"; readonly maxBytes?: number };
  /** The answer may be a stream of server-sent events of this shape, or bytes, instead of JSON. */
  readonly answers?: {
    readonly stream?: { readonly schema: z.ZodType; readonly description: string };
    readonly bytes?: { readonly mediaType: string };
  };
  /** `openai` adds `type` and `param` to errors, as official clients expect. */
  readonly errorStyle?: "openai";
  /** Fields of the answer that a replay under an `Idempotency-Key` leaves out. */
  readonly shownOnce?: readonly string[];
  readonly example?: { readonly input?: unknown; readonly output?: unknown };
  run(
    ctx: Context,
    input: z.output<Input>,
  ): Promise<z.input<Output> | Reply<z.input<Output>> | StreamReply | BytesReply>;
}

/** Identity at run time; keeps the precise types of one operation. */
export const defineOperation = <
  const Name extends `${string}.${string}`,
  Input extends z.ZodObject,
  Output extends z.ZodType,
>(
  operation: Operation<Name, Input, Output>,
): Operation<Name, Input, Output> => operation;

// An operation consumes its input type, so a list of different ones needs the bivariance of a method.
export type AnyOperation = Operation<string, z.ZodObject, z.ZodType>;
