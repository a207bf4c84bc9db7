import type { z } from "zod";
import type { ErrorCode } from "#base/errors.ts";
import type { AccessRule } from "#core/access/access.ts";
import type { Context } from "#core/context.ts";
import type { EventKind } from "#core/events/events.ts";
import type { BytesReply, FileReply, PiecesReply, Reply, StreamReply } from "#core/reply.ts";
import type { ServiceToken } from "#core/service.ts";
import type { OperationName } from "#core/tags.ts";

export type HttpMethod = "GET" | "POST" | "PUT" | "PATCH" | "DELETE";

export interface HttpRoute {
  readonly method: HttpMethod;
  /** `{name}` matches one path segment, `{name...}` the rest of the path. */
  readonly path: `/${string}`;
}

/** An operation of the gateway. Routes, the OpenAPI document and all other transports are derived from it. */
export interface Operation<Name extends OperationName, Input extends z.ZodObject, Output extends z.ZodType> {
  /** Serves as operationId, as label in metrics, and as name on transports other than HTTP. */
  readonly name: Name;
  /** Absent for an operation that HTTP does not serve. */
  readonly http?: HttpRoute & {
    readonly status?: 200 | 201 | 202;
    /** The status of a `Reply` that says that nothing changed, where it is another one. */
    readonly unchangedStatus?: 200;
    readonly aliases?: readonly HttpRoute[];
  };
  readonly access: AccessRule | "public";
  /** True if a signed link in `ft`, or a token in `token`, stands in for a bearer token. Both are query parameters. */
  readonly acceptsLinks?: true;
  readonly summary: string;
  /** What the summary leaves out: for whom, what follows, what is refused. */
  readonly description: string;
  readonly input: Input;
  readonly output: Output;
  /** Error codes in addition to those that follow from its access rule. */
  readonly errors?: readonly ErrorCode[];
  /** The kind of event that the change publishes and that the activity log records. Absent if nothing changes. */
  readonly audit?: EventKind;
  /** Kinds that take the place of `audit` where the change is to an entity of another kind. */
  readonly otherAudits?: readonly EventKind[];
  /**
   * The events that change the answers of a read. Until one of them, equal calls of a caller may get one answer from
   * memory. Only for answers that follow from the caller, the input, and rows whose every change has such an event.
   */
  readonly keptUntil?: readonly EventKind[];
  /** True if a repeated call under an idempotency key has no second effect and gets the first answer. */
  readonly runsOnce?: true;
  /** The encoding and limit of the request body. The default is JSON. Ignored for GET and DELETE. */
  readonly body?: {
    /** The files of a `multipart` form are on disk when the operation runs. See `FormFile`. */
    readonly kind?: "json" | "multipart" | "bytes" | "none";
    /** A number, or the service that the configuration sets it by. */
    readonly maxBytes?: number | ServiceToken<number>;
  };
  /** Fields that some clients send under other names, by those names. See `aliasOf` for what holds everywhere. */
  readonly otherNames?: Readonly<Record<string, string>>;
  /** Fields that may come from the query as well, where a body holds the fields. A link can choose only these. */
  readonly query?: readonly string[];
  /** True if it sets or clears a cookie, which only HTTP can do. */
  readonly setsCookie?: true;
  /** Responses other than JSON: a stream of server-sent events with this schema, or bytes. */
  readonly answers?: {
    readonly stream?: { readonly schema: z.ZodType; readonly description: string };
    readonly bytes?: { readonly mediaType: string };
  };
  /** `openai` adds `type` and `param` to errors, because OpenAI clients read them. */
  readonly errorStyle?: "openai";
  /** Fields of the response that a replay under an idempotency key leaves out, such as a new API key. */
  readonly shownOnce?: readonly string[];
  readonly example?: { readonly input?: unknown; readonly output?: unknown };
  run(
    ctx: Context,
    input: z.output<Input>,
  ): Promise<z.input<Output> | Reply<z.input<Output>> | StreamReply | BytesReply | PiecesReply | FileReply>;
}

/** Keeps the precise types of one operation. */
export const defineOperation = <const Name extends OperationName, Input extends z.ZodObject, Output extends z.ZodType>(
  operation: Operation<Name, Input, Output>,
): Operation<Name, Input, Output> => operation;

// A method is bivariant in its parameters, so operations with different inputs fit into one list.
export type AnyOperation = Operation<OperationName, z.ZodObject, z.ZodType>;

/** An operation that HTTP serves. */
export type HttpOperation = AnyOperation & { readonly http: NonNullable<AnyOperation["http"]> };

export const isHttpOperation = (operation: AnyOperation): operation is HttpOperation => operation.http !== undefined;
