import { AppError } from "#base/errors.ts";
import { LIMITS } from "#base/limits.ts";
import { toJson } from "#db/values.ts";
import type { PreparedRequest, RunRequest } from "#runtime/runs/run-request.ts";
import { prepareMessages } from "#runtime/transcript/index.ts";

/**
 * Does the work on a request that may take long, before the transaction that stores it. Throws INVALID_REQUEST if its
 * options are too large.
 */
export async function prepareRequest(request: RunRequest): Promise<PreparedRequest> {
  const optionsJson = toJson(request.options);
  const { runOptionsChars: max } = LIMITS;
  if (optionsJson.length > max) throw new AppError("INVALID_REQUEST", "error.run_options_too_large", { max });
  await prepareMessages(request.messages);
  return { ...request, optionsJson };
}
