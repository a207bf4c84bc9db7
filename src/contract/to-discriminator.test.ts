import { expect, test } from "bun:test";
import { z } from "zod";
import { toDiscriminator } from "#contract/to-discriminator.ts";

const A = z.object({ kind: z.literal("a") }).meta({ id: "DiscriminatedA" });
const B = z.object({ kind: z.enum(["b", "c"]) }).meta({ id: "DiscriminatedB" });

test("the members of a union are told apart by their values", () => {
  expect(toDiscriminator(z.discriminatedUnion("kind", [A, B]))).toEqual({
    propertyName: "kind",
    mapping: { a: "#/$defs/DiscriminatedA", b: "#/$defs/DiscriminatedB", c: "#/$defs/DiscriminatedB" },
  });
});

test("a member without a name leaves nothing to refer to, and other schemas have no members", () => {
  expect(toDiscriminator(z.discriminatedUnion("kind", [A, z.object({ kind: z.literal("d") })]))).toBeUndefined();
  expect(toDiscriminator(z.union([A, B]))).toBeUndefined();
  expect(toDiscriminator(z.string())).toBeUndefined();
});
