import { AppError } from "#base/errors.ts";
import { LIMITS } from "#base/limits.ts";
import { holdsMuchText } from "#base/texts/holds-text.ts";
import { toJson } from "#db/values.ts";
import type { PreparedRequest, RunRequest } from "#runtime/runs/run-request.ts";

/** Writes the options of a request as JSON. Throws INVALID_REQUEST if they are too large. */
export function prepareRequest(request: RunRequest): PreparedRequest {
  const { options } = request;
  const { runOptionsChars: max } = LIMITS;
  const tooLarge = () => new AppError("INVALID_REQUEST", "error.run_options_too_large", { max });
  if (holdsMuchText(options, max)) throw tooLarge();
  const optionsJson = toJson(options);
  if (optionsJson.length > max) throw tooLarge();
  return { ...request, optionsJson };
}
