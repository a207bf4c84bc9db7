import type { AppError } from "#base/errors.ts";
import type { Context } from "#core/context.ts";
import type { OperationName } from "#core/tags.ts";

/** The parameters of a method, as a client sent them. */
export type RpcParams = Readonly<Record<string, unknown>>;

/**
 * A method of GoClaw's protocol v3 that calls an operation under another name, or with other fields. It holds no logic
 * of its own: access, errors and effects are the operation's.
 */
export interface RpcMethod {
  readonly name: string;
  readonly operation: OperationName;
  /** Converts the parameters to the operation's input. The parameters are the input where it is absent. */
  toInput?(params: RpcParams, ctx: Context): unknown;
  /** Converts the operation's answer to the payload. The answer is the payload where it is absent. */
  toPayload?(answer: never, params: RpcParams, ctx: Context): unknown;
  /** Returns the payload for a refusal that the protocol knows as an answer, or undefined for any other. */
  onRefusal?(refusal: AppError, params: RpcParams, ctx: Context): Promise<unknown>;
}

/** Keeps the type of the operation's answer for the converter. */
export const defineMethod = <Answer>(
  method: Omit<RpcMethod, "toPayload"> & { toPayload?(answer: Answer, params: RpcParams, ctx: Context): unknown },
): RpcMethod => method as RpcMethod;

/** Renames parameters from camel case, such as `maxTokens`, to the names of operations. Nested fields stay. */
export const toSnakeCase = (params: RpcParams): RpcParams =>
  Object.fromEntries(
    Object.entries(params).map(([name, value]) => [
      name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`),
      value,
    ]),
  );
