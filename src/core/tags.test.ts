import { expect, test } from "bun:test";
import { TAGS, tagOf } from "#core/tags.ts";

test("an operation belongs to the group of the first part of its name", () => {
  expect(tagOf("agents.create")).toBe(TAGS.agents);
  expect(tagOf("api_keys.get.all")).toBe(TAGS.api_keys);
});
