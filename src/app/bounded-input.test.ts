import { expect, test } from "bun:test";
import type { z } from "zod";
import { operations } from "#app/operations.ts";
import { MAX_BYTES } from "#core/free-form.ts";

type Schema = z.core.$ZodTypes;

/** Returns the paths of the lists and free objects in a schema that have no limit of their own or above them. */
function findUnbounded(schema: z.core.$ZodType, path: string): readonly string[] {
  const { def } = (schema as Schema)._zod;
  if (hasMaxBytes(schema)) return [];
  switch (def.type) {
    case "optional":
    case "nullable":
    case "default":
    case "readonly":
    case "catch":
      return findUnbounded(def.innerType, path);
    case "pipe":
      return findUnbounded(def.in, path);
    case "union":
      return def.options.flatMap((option, index) => findUnbounded(option, `${path}|${index}`));
    case "array":
      return [...(hasMaxLength(schema) ? [] : [path]), ...findUnbounded(def.element, `${path}[]`)];
    case "record":
      return (def.keyType as Schema)._zod.def.type === "enum" ? findUnbounded(def.valueType, `${path}{}`) : [path];
    case "object": {
      const isOpen = def.catchall !== undefined && (def.catchall as Schema)._zod.def.type !== "never";
      const fields = Object.entries(def.shape).flatMap(([name, field]) => findUnbounded(field, `${path}.${name}`));
      return [...(isOpen ? [path] : []), ...fields];
    }
    case "unknown":
    case "any":
    case "lazy":
      return [path];
    default:
      return [];
  }
}

const metaOf = (schema: z.core.$ZodType) => (schema as z.ZodType).meta?.() ?? {};
const hasMaxBytes = (schema: z.core.$ZodType) => MAX_BYTES in metaOf(schema) || metaOf(schema).maxProperties === 0;
const hasMaxLength = (schema: z.core.$ZodType) =>
  ((schema as Schema)._zod.def.checks ?? []).some((check) => check._zod.def.check === "max_length");

test("every list and every free object of an input has a maximum", () => {
  const unbounded = operations.flatMap(({ name, input }) => findUnbounded(input, name));
  expect(unbounded).toEqual([]);
});
