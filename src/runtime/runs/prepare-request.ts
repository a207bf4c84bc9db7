import { AppError } from "#base/errors.ts";
import { LIMITS } from "#base/limits.ts";
import { toJson } from "#db/values.ts";
import type { PreparedRequest, RunRequest } from "#runtime/runs/run-request.ts";

/** Writes the options of a request as JSON. Throws INVALID_REQUEST if they are too large. */
export function prepareRequest(request: RunRequest): PreparedRequest {
  const optionsJson = toJson(request.options);
  const { runOptionsChars: max } = LIMITS;
  if (optionsJson.length > max) throw new AppError("INVALID_REQUEST", "error.run_options_too_large", { max });
  return { ...request, optionsJson };
}
