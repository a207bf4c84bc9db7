import { z } from "zod";
import { Secret } from "#base/secret.ts";

/** A text of the configuration that is never shown. */
export const secretText = () =>
  z
    .string()
    .min(1)
    .transform((text) => new Secret(text));
