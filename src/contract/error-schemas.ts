import { z } from "zod";
import { ERROR_CODES, type ErrorCode } from "#base/errors.ts";

const codes = Object.keys(ERROR_CODES) as ErrorCode[];

const ErrorBody = z.object({
  code: z.enum(codes).meta({ description: "What went wrong, for programs. A finer cause is in `details.reason`." }),
  message: z.string().meta({ description: "What went wrong, for people, in the language of `Accept-Language`." }),
  retryable: z.boolean().meta({ description: "Whether the same request may succeed later." }),
  retryAfterMs: z.int().min(0).meta({ description: "How long to wait before that; 0 means no hint." }),
  details: z
    .looseObject({
      reason: z.string().optional(),
      field: z.string().optional(),
      fields: z.array(z.object({ field: z.string(), message: z.string() })).optional(),
    })
    .optional(),
});

/** The body of every error response. */
export const ErrorEnvelope = z.object({ error: ErrorBody }).meta({ id: "ErrorEnvelope" });

/** The body of error responses on the OpenAI routes. It adds the fields that OpenAI's clients read. */
export const OpenAiErrorEnvelope = z
  .object({
    error: ErrorBody.extend({
      type: z.enum(["invalid_request_error", "rate_limit_error", "server_error"]),
      param: z.string().nullable(),
    }),
  })
  .meta({ id: "OpenAiErrorEnvelope" });
