import { afterAll, describe, expect, test } from "bun:test";
import { testDialects } from "#testing/test-database.ts";
import { startTestGateway } from "#testing/test-gateway.ts";

const USER = "telegram:đặng/🦊";

describe.each([...testDialects()])("the users of an agent on %s", async (dialect) => {
  const { call, stop } = await startTestGateway({ dialect });
  afterAll(stop);
  await call("POST", "/v1/agents", { agent_key: "fox", provider: "demo", model: "demo" });
  const users = "/v1/agents/fox/instances";
  const one = `${users}/${encodeURIComponent(USER)}`;

  test("their files and metadata are stored, merged and listed with those who only have a session", async () => {
    await call("POST", "/v1/agents/fox/wake", { message: "hello", user_id: "bob" });
    expect((await call("GET", `${one}/files`)).body).toEqual({ files: [] });
    expect((await call("GET", `${one}/files/USER.md`)).status).toBe(404);
    for (const content of ["", "Likes tea."]) {
      expect((await call("PUT", `${one}/files/USER.md`, { content })).body).toEqual({ status: "updated" });
      expect((await call("GET", `${one}/files`)).body.files).toMatchObject([{ file_name: "USER.md", content }]);
      expect((await call("GET", `${one}/files/USER.md`)).body).toMatchObject({ user_id: USER, content });
    }
    for (const metadata of [{ a: "1", b: "1" }, { b: "2" }]) await call("PATCH", `${one}/metadata`, { metadata });
    const { instances } = (await call("GET", users)).body;
    const stored = { user_id: USER, file_count: 1, metadata: { a: "1", b: "2" } };
    expect(instances).toMatchObject([stored, { user_id: "bob", file_count: 0, metadata: {} }]);
  });

  test("bad requests and everybody but the agent's owner are refused", async () => {
    const statusOf = async (method: string, path: string, body?: object, user?: string) =>
      (await call(method, path, body, user ? { user } : {})).status;
    expect(await statusOf("PUT", `${one}/files/SOUL.md`, { content: "" })).toBe(400);
    expect(await statusOf("PUT", `${one}/files/USER.md`, {})).toBe(400);
    expect(await statusOf("PATCH", `${one}/metadata`, { metadata: {} })).toBe(400);
    expect(await statusOf("GET", `${users}/a%E2%80%8Eb/files`)).toBe(400);
    expect(await statusOf("GET", "/v1/agents/wolf/instances")).toBe(404);
    for (const path of [users, `${one}/files`]) expect(await statusOf("GET", path, undefined, "eve")).toBe(403);
    expect(await statusOf("PUT", `${one}/files/USER.md`, { content: "" }, "eve")).toBe(403);
  });
});
