import { type AppError, failedPrecondition } from "#base/errors.ts";
import type { Context } from "#core/context.ts";
import { statusOf, toAppError, toErrorShape, toOpenAiErrorShape } from "#core/error-shape.ts";
import { type RunEvent, toAppError as toRunAppError } from "#runtime/runs/index.ts";

/** Returns the error that ends a run for a reader, or undefined for an event of another kind. */
export function failureOf(event: RunEvent, reader: Pick<Context, "role">): AppError | undefined {
  if (event.type === "run.failed") return toRunAppError(event.error, reader);
  if (event.type === "run.cancelled") return failedPrecondition("error.run_cancelled", {}, "cancelled");
  return undefined;
}

/** Returns an error in the form of OpenAI's errors, in the caller's language. */
export function describeFailure(ctx: Context, thrown: unknown): ReturnType<typeof toOpenAiErrorShape> {
  const error = toAppError(thrown, ctx.requestId);
  return toOpenAiErrorShape(toErrorShape(error, ctx.locale, ctx.requestId), statusOf(error));
}
