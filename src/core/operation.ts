import type { z } from "zod";
import type { ErrorCode } from "#base/errors.ts";
import type { AccessRule } from "#core/access.ts";
import type { Context } from "#core/context.ts";
import type { EventKind } from "#core/events/events.ts";
import type { BytesReply, Reply, StreamReply } from "#core/reply.ts";

export type HttpMethod = "GET" | "POST" | "PUT" | "PATCH" | "DELETE";

export interface HttpRoute {
  readonly method: HttpMethod;
  /** `{name}` stands for one path segment, `{name...}` for the rest of the path. */
  readonly path: `/${string}`;
}

/** One thing that the gateway can do. Routes, the OpenAPI document and every other door are derived from it. */
export interface Operation<Name extends string, Input extends z.ZodObject, Output extends z.ZodType> {
  /** Such as `agents.create`: the operationId, the label in metrics, and the name on doors other than HTTP. */
  readonly name: Name;
  /** Absent for an operation that HTTP does not serve. */
  readonly http?: HttpRoute & {
    readonly status?: 200 | 201 | 202;
    readonly aliases?: readonly HttpRoute[];
  };
  readonly access: AccessRule | "public";
  readonly summary: string;
  readonly description?: string;
  readonly tag: string;
  readonly input: Input;
  readonly output: Output;
  /** Error codes beside those that every operation shares. */
  readonly errors: readonly ErrorCode[];
  /** The kind of event that the change publishes and that the activity log records. Absent if nothing changes. */
  readonly audit?: EventKind;
  /** Under an idempotency key, a repeated call has no second effect and gets the first answer. */
  readonly runsOnce?: true;
  /** The carrier of the request body, JSON by default. Ignored for GET and DELETE. */
  readonly body?: { readonly kind?: "json" | "multipart" | "bytes" | "none"; readonly maxBytes?: number };
  /** Answers other than JSON: a stream of server-sent events of this shape, or bytes. */
  readonly answers?: {
    readonly stream?: { readonly schema: z.ZodType; readonly description: string };
    readonly bytes?: { readonly mediaType: string };
  };
  /** `openai` adds `type` and `param` to errors, because OpenAI clients read them. */
  readonly errorStyle?: "openai";
  /** Fields of the answer that a replay under an idempotency key leaves out, such as a new key. */
  readonly shownOnce?: readonly string[];
  readonly example?: { readonly input?: unknown; readonly output?: unknown };
  run(
    ctx: Context,
    input: z.output<Input>,
  ): Promise<z.input<Output> | Reply<z.input<Output>> | StreamReply | BytesReply>;
}

/** Keeps the precise types of one operation. */
export const defineOperation = <
  const Name extends `${string}.${string}`,
  Input extends z.ZodObject,
  Output extends z.ZodType,
>(
  operation: Operation<Name, Input, Output>,
): Operation<Name, Input, Output> => operation;

// A method is bivariant in its parameters, so operations with different inputs fit into one list.
export type AnyOperation = Operation<string, z.ZodObject, z.ZodType>;

/** An operation that HTTP serves. */
export type HttpOperation = AnyOperation & { readonly http: NonNullable<AnyOperation["http"]> };

export const isHttpOperation = (operation: AnyOperation): operation is HttpOperation => operation.http !== undefined;
