import { expect, test } from "bun:test";
import { createDocsOperations } from "#contract/docs-operations.ts";
import { DOCS_ASSETS } from "#contract/docs-page/docs-assets.ts";
import type { Context } from "#core/context.ts";
import { BytesReply } from "#core/reply.ts";

function open(isPublic = true) {
  const made = { times: 0 };
  const operations = createDocsOperations({
    isPublic,
    document: () => {
      made.times++;
      return { openapi: "3.1.0" };
    },
  });
  const get = async (name: string, input: Record<string, unknown> = {}): Promise<BytesReply> => {
    const reply = await operations.find((operation) => operation.name === name)?.run({} as Context, input);
    if (!(reply instanceof BytesReply)) throw new Error("no bytes");
    return reply;
  };
  return { operations, get, made };
}

test("the document is made once, when somebody asks for it, and tagged by its content", async () => {
  const { get, made } = open();
  expect(made.times).toBe(0);
  const [first, second] = [await get("docs.openapi"), await get("docs.openapi")];
  expect([made.times, first.body, second.body]).toEqual([1, '{"openapi":"3.1.0"}', '{"openapi":"3.1.0"}']);
  expect(first.headers.ETag).toMatch(/^"[\w-]{22}"$/);
  expect(second.headers).toEqual(first.headers);
});

test("the docs are for everyone, or for those with a token", () => {
  const accessOf = (isPublic: boolean) => new Set(open(isPublic).operations.map(({ access }) => access));
  expect([...accessOf(true)]).toEqual(["public"]);
  expect([...accessOf(false)]).toEqual([{ role: "viewer", scope: "read", tenant: "scoped", rate: "none" }]);
});

test("the page finds its files from both of its paths", async () => {
  const { get } = open();
  expect((await get("docs.page")).body).toContain('"docs/assets/');
  expect((await get("docs.folder")).body).toContain('"assets/');
});

test("a file of the page is served, and no other one", async () => {
  const { get } = open();
  const [file = "", asset] = [...DOCS_ASSETS][0] ?? [];
  const reply = await get("docs.asset", { file });
  expect([reply.body instanceof Blob, reply.mediaType]).toEqual([true, asset?.mediaType ?? ""]);
  await expect(get("docs.asset", { file: "other" })).rejects.toMatchObject({ code: "NOT_FOUND" });
});
