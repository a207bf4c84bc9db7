import { z } from "zod";

/** Refuses a value whose JSON text is larger than `maxBytes`. The document shows the limit as `x-max-bytes`. */
export const withinBytes = <Schema extends z.ZodType>(schema: Schema, maxBytes: number): Schema =>
  schema
    .refine((value) => Buffer.byteLength(JSON.stringify(value) ?? "") <= maxBytes, "field.too_large")
    .meta({ [MAX_BYTES]: maxBytes });

export const MAX_BYTES = "x-max-bytes";

/** An object of any JSON, at most `maxBytes` as JSON text. */
export const freeForm = (maxBytes: number) => withinBytes(z.looseObject({}), maxBytes);
