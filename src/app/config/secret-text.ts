import { z } from "zod";
import { Secret } from "#base/secret.ts";

/** Says in the JSON Schema that a value is never shown. */
export const SECRET = { writeOnly: true };

/** A text of the configuration that is never shown. */
export const secretText = () =>
  z
    .string()
    .min(1)
    .meta(SECRET)
    .transform((text) => new Secret(text));
