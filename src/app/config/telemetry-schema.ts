import { z } from "zod";
import { secretText } from "#app/config/secret-text.ts";

/** The keys of the configuration below `telemetry`. */
export const Telemetry = z.object({
  preview_chars: z
    .int()
    .min(0)
    .max(200_000)
    .default(500)
    .describe("How much of each input and output a trace shows, in characters; longer texts are cut in the middle."),
  endpoint: z
    .string()
    .refine((text) => URL.canParse(text) && /^https?:$/.test(new URL(text).protocol), "must be an http(s):// URL")
    .optional()
    .describe("Where spans are sent in OTLP over HTTP; without a path, to /v1/traces.")
    .meta({ example: "http://localhost:4318" }),
  headers: z
    .record(z.string().max(200), secretText())
    .readonly()
    .optional()
    .describe("Headers of the calls to that endpoint, such as its key.")
    .meta({ example: { Authorization: "Basic …" } }),
  service_name: z.string().min(1).max(200).default("goclaw").describe("The name under which the spans appear."),
  content: z
    .boolean()
    .default(false)
    .describe("Whether the spans carry the previews of inputs and outputs to that endpoint."),
});
