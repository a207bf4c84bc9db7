import { expect, test } from "bun:test";
import { z } from "zod";
import { freeForm, withinBytes } from "#core/free-form.ts";

test("an object of any JSON has at most as many bytes of JSON as its limit", () => {
  const schema = freeForm(Buffer.byteLength('{"a":"né"}'));
  expect(schema.parse({ a: "né" })).toEqual({ a: "né" });
  expect(schema.safeParse({ a: "née" }).error?.issues[0]?.message).toBe("field.too_large");
  expect(schema.safeParse([]).success).toBe(false);
});

test("the document shows the limit", () => {
  expect(z.toJSONSchema(freeForm(7))).toMatchObject({ "x-max-bytes": 7 });
});

test("a value that is absent has no bytes", () => {
  expect(withinBytes(z.string().optional(), 0).safeParse(undefined).success).toBe(true);
});
