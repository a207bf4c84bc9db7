import { afterAll, describe, expect, test } from "bun:test";
import { createHash } from "node:crypto";
import { newId } from "#base/ids.ts";
import { testDialects } from "#testing/test-database.ts";
import { type CallOptions, startTestGateway } from "#testing/test-gateway.ts";

describe.each([...testDialects()])("the documents of an agent's memory on %s", async (dialect) => {
  const { call, stop, gateway } = await startTestGateway({ dialect });
  afterAll(stop);
  const { body: agent } = await call("POST", "/v1/agents", { agent_key: "fox", provider: "demo", model: "demo" });
  const key = async (scope: string) =>
    (await call("POST", "/v1/api-keys", { name: newId(), scopes: [scope] })).body.key as string;
  const [writer, reader] = [await key("write"), await key("read")];
  const as = (user: string, bearer = writer): CallOptions => ({ bearer, user });
  for (const user of ["bob", "eve"]) await call("POST", "/v1/agents/fox/shares", { user_id: user, role: "user" });

  const memory = "/v1/agents/fox/memory";
  const at = (path: string) => `${memory}/documents/${path.split("/").map(encodeURIComponent).join("/")}`;
  const put = (path: string, content: string, extra: object = {}, options?: CallOptions) =>
    call("PUT", at(path), { content, ...extra }, options);
  const search = async (query: string, extra: object = {}, options?: CallOptions) =>
    (await call("POST", `${memory}/search`, { query, ...extra }, options)).body;

  test("a document is written, read, replaced and deleted, by the agent's key or id", async () => {
    const path = "ghi chú/Trà 🍵.md";
    expect((await put(path, "Trà xanh.")).body).toEqual({ status: "ok", path: path.normalize("NFC") });
    const { body } = await call("GET", at(path).replace("fox", agent.id));
    const hash = createHash("sha256").update("Trà xanh.").digest("hex");
    expect(body).toMatchObject({ path, content: "Trà xanh.", hash, chunk_count: 1, embedded_count: 0 });
    expect(body.updated_at).toBeGreaterThan(Date.parse("2020-01-01"));
    await put(path, "Cà phê sữa đá.");
    expect(await search("xanh")).toEqual({ results: [], count: 0 });
    expect((await search("ca phe")).results).toMatchObject([{ path, start_line: 1, end_line: 1, source: "memory" }]);
    expect((await call("DELETE", at(path))).body).toEqual({ status: "deleted" });
    for (const method of ["DELETE", "GET"]) expect((await call(method, at(path))).status).toBe(404);
    expect((await search("ca phe")).count).toBe(0);
  });

  test("lists show a user's own documents and those of all users", async () => {
    await put("shared.md", "Shared.");
    await put("bob.md", "Bob's.", {}, as("bob"));
    const pathsOf = async (path: string, options?: CallOptions) =>
      (await call("GET", path, undefined, options)).body.map((info: { path: string }) => info.path);
    expect(await pathsOf(`${memory}/documents`, as("bob", reader))).toEqual(["bob.md", "shared.md"]);
    expect(await pathsOf(`${memory}/documents`, as("eve", reader))).toEqual(["shared.md"]);
    expect(await pathsOf(`${memory}/documents?user_id=bob`)).toEqual(["bob.md", "shared.md"]);
    expect(await pathsOf("/v1/memory/documents")).toEqual(["bob.md", "shared.md"]);
    const [first] = (await call("GET", `${memory}/documents`)).body;
    expect(first).toMatchObject({ path: "bob.md", user_id: "bob", agent_id: agent.id });
    expect(first).not.toHaveProperty("content");
  });

  test("a user's own document stands before the one that all users share", async () => {
    await put("both.md", "Of all.");
    await put("both.md", "Of Bob.", { user_id: "bob" });
    const contentFor = async (options?: CallOptions) =>
      (await call("GET", at("both.md"), undefined, options)).body.content;
    expect(await contentFor(as("bob"))).toBe("Of Bob.");
    expect(await contentFor(as("eve"))).toBe("Of all.");
    expect(await contentFor()).toBe("Of all.");
    expect((await call("GET", `${at("both.md")}?user_id=bob`)).body.content).toBe("Of Bob.");
    expect((await put("both.md", "Forged.", { user_id: "bob" }, as("eve"))).status).toBe(403);
    expect((await call("DELETE", `${at("both.md")}?user_id=bob`, undefined, as("eve"))).status).toBe(403);
    expect((await call("DELETE", at("both.md"), undefined, as("eve"))).status).toBe(404);
    expect((await call("DELETE", at("both.md"), undefined, as("bob"))).status).toBe(200);
    expect(await contentFor(as("bob"))).toBe("Of all.");
  });

  test("chunks say which lines they are, and a long document has several", async () => {
    const paragraph = (name: string) =>
      Array.from({ length: 8 }, (_, index) => `${name} line ${index} ${"y".repeat(80)}`);
    await put("long.md", [...paragraph("alpha"), "", ...paragraph("beta"), "", "zanzibar"].join("\n"));
    const { body: chunks } = await call("GET", `${memory}/chunks?path=long.md`);
    expect(chunks).toMatchObject([
      { start_line: 1, end_line: 8, has_embedding: false },
      { start_line: 10, end_line: 17 },
      { start_line: 19, end_line: 19, text_preview: "zanzibar" },
    ]);
    expect((await search("zanzibar")).results).toMatchObject([
      { path: "long.md", start_line: 19, snippet: "zanzibar" },
    ]);
    expect((await call("GET", `${memory}/chunks?path=none.md`)).status).toBe(404);
    expect((await call("GET", `${memory}/chunks`)).status).toBe(400);
  });

  test("an index that was lost is computed anew", async () => {
    await put("lost.md", "Mongoose.");
    const tenant = gateway.database.forTenant(agent.tenant_id);
    const lose = () => tenant.write((queries) => queries.deleteFrom("memory_chunks").execute());
    await lose();
    expect((await search("mongoose")).count).toBe(0);
    expect((await call("POST", `${memory}/index`, { path: "lost.md" })).body).toEqual({
      status: "indexed",
      path: "lost.md",
    });
    expect((await search("mongoose")).count).toBe(1);
    await lose();
    expect((await call("POST", `${memory}/index-all`, {})).body).toEqual({ status: "indexed_all" });
    expect((await search("mongoose")).count).toBe(1);
    expect((await call("POST", `${memory}/index`, { path: "none.md" })).status).toBe(404);
  });

  test("bad requests are refused", async () => {
    expect((await call("POST", `${memory}/search`, {})).status).toBe(400);
    expect((await call("POST", `${memory}/search`, { query: " " })).status).toBe(400);
    expect((await call("POST", `${memory}/search`, { query: "x", max_results: 51 })).status).toBe(400);
    expect((await call("PUT", at("x.md"), {})).status).toBe(400);
    expect((await call("PUT", `${memory}/documents/a%2F..%2Fb`, { content: "x" })).status).toBe(400);
    expect((await call("GET", "/v1/agents/wolf/memory/documents")).status).toBe(404);
    expect((await call("GET", `${memory}/documents`, undefined, as("mallory"))).status).toBe(403);
    expect((await put("x.md", "x", {}, as("mallory"))).status).toBe(403);
    expect((await search("x", {}, as("mallory"))).error.code).toBe("UNAUTHORIZED");
  });
});
