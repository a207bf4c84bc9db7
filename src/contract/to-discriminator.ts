import { z } from "zod";

/**
 * Returns the keyword that tells the members of a union apart by one field, with the member of each value. Returns
 * undefined if a member has no id, because the keyword can only refer to schemas with names.
 */
export function toDiscriminator({ _zod: { def } }: z.core.$ZodType): object | undefined {
  // Safe: of all definitions only that of a discriminated union has this field.
  const { discriminator: propertyName, options } = def as Partial<z.core.$ZodDiscriminatedUnionDef>;
  if (propertyName === undefined || options === undefined) return undefined;
  const members = options.map((option) => ({
    id: z.globalRegistry.get(option)?.id,
    values: [...(option._zod.propValues?.[propertyName] ?? [])],
  }));
  if (members.some(({ id }) => id === undefined)) return undefined;
  const mapping = members.flatMap(({ id, values }) => values.map((value) => [String(value), `#/$defs/${id}`]));
  return { propertyName, mapping: Object.fromEntries(mapping) };
}
