import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { existsSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { MASTER_TENANT_ID } from "#base/ids.ts";
import { writeWorkspace } from "#features/files/files-fixture.ts";
import { aKey, aTenant } from "#features/tenants/tenant-fixture.ts";
import { aForm } from "#testing/a-form.ts";
import { ownWorkspace } from "#testing/own-workspace.ts";
import { testDialects } from "#testing/test-database.ts";
import { type CallOptions, startTestGateway } from "#testing/test-gateway.ts";

const NAMES = ["báo cáo tháng 6.txt", "报告 — 六月.txt", "📈 q2.txt", "50% done #1.txt"];

describe.each([...testDialects()])("the files of a workspace on %s", async (dialect) => {
  const gateway = await startTestGateway({ dialect });
  const { call } = gateway;
  afterAll(gateway.stop);
  const statusOf = async (method: string, path: string, body?: unknown, options: CallOptions = {}) =>
    (await call(method, path, body, options)).status;
  const listed = async (query = "", options: CallOptions = {}): Promise<readonly string[]> =>
    (await call("GET", `/v1/files${query}`, undefined, options)).body.files.map(({ path }: { path: string }) => path);
  let root = "";
  beforeAll(() => {
    root = writeWorkspace(gateway, {
      "notes/hello.txt": "hello there",
      "notes/deep/er/a.txt": "a",
      ".DS_Store": "",
      ".goclaw/secret": "x",
    });
    symlinkSync("/etc", join(root, "notes", "link"));
  });

  test("are listed by depth, in order, without links and junk", async () => {
    const { body } = await call("GET", "/v1/files?depth=2");
    expect(body).toEqual({
      files: [
        { path: "notes", name: "notes", isDir: true, size: 0, protected: false },
        { path: "notes/deep", name: "deep", isDir: true, size: 0, hasChildren: true, protected: false },
        { path: "notes/hello.txt", name: "hello.txt", isDir: false, size: 11, protected: false },
      ],
      baseDir: "",
    });
    expect(await listed()).toContain("notes/deep/er");
    expect(await listed()).not.toContain("notes/deep/er/a.txt");
    expect((await call("GET", "/v1/storage/files?depth=2")).body).toEqual(body);
    expect(await listed("?path=notes/deep")).toEqual(["notes/deep/er", "notes/deep/er/a.txt"]);
    expect(await statusOf("GET", "/v1/files?path=none")).toBe(404);
    expect(await statusOf("GET", "/v1/files?path=notes/link")).toBe(404);
    for (const query of ["path=..", "path=a/../..", "depth=0", "depth=21"]) {
      expect(await statusOf("GET", `/v1/files?${query}`)).toBe(400);
    }
  });

  test("are read with their type, as text, and by their path on the machine", async () => {
    const answer = await call("GET", "/v1/files/notes/hello.txt");
    expect([answer.status, answer.text]).toEqual([200, "hello there"]);
    expect(answer.headers.get("content-type")).toBe("text/plain; charset=utf-8");
    expect(answer.headers.get("accept-ranges")).toBe("bytes");
    expect(answer.headers.get("content-length")).toBe("11");
    expect((await call("GET", `/v1/files${root}/notes/hello.txt`)).text).toBe("hello there");
    expect((await call("GET", "/v1/files/notes%2Fhello.txt")).text).toBe("hello there");
    const stored = { content: "hello there", path: "notes/hello.txt", size: 11 };
    expect((await call("GET", "/v1/storage/files/notes%2Fhello.txt")).body).toEqual(stored);
    const raw = await call("GET", "/v1/storage/files/notes/hello.txt?raw=true");
    expect([raw.text, raw.headers.get("cache-control")]).toEqual(["hello there", "private, max-age=300"]);
    const download = await call("GET", "/v1/files/notes/hello.txt?download=true");
    expect(download.headers.get("content-disposition")).toBe('attachment; filename="hello.txt"');
    for (const path of ["missing.txt", "notes", "notes/hello.txt/x", "hello.txt"]) {
      expect(await statusOf("GET", `/v1/files/${path}`)).toBe(404);
    }
    writeWorkspace(gateway, { "large.txt": "x".repeat(1_048_577) });
    expect(await statusOf("GET", "/v1/storage/files/large.txt")).toBe(400);
  });

  test.each(NAMES)("%s is uploaded, listed, read, linked, moved and deleted", async (name) => {
    const uploaded = await call("POST", "/v1/storage/files?path=inbox", aForm(name, `in ${name}`));
    expect(uploaded.body).toEqual({ filename: name, path: `inbox/${name}`, size: Buffer.byteLength(`in ${name}`) });
    expect(await listed("?path=inbox")).toContain(`inbox/${name}`);
    const path = `inbox/${encodeURIComponent(name)}`;
    expect((await call("GET", `/v1/files/${path}`)).text).toBe(`in ${name}`);
    const { url } = (await call("POST", "/v1/files/sign", { path: `inbox/${name}` })).body;
    expect((await call("GET", url, undefined, { bearer: null })).text).toBe(`in ${name}`);
    const { headers } = await call("GET", `/v1/files/${path}?download=1`);
    expect(headers.get("content-disposition")).toContain(`filename*=UTF-8''${encodeURIComponent(name)}`);
    const moved = { from: `inbox/${name}`, to: `kept/${name}` };
    expect((await call("PUT", "/v1/storage/move", moved)).body).toEqual(moved);
    expect(await statusOf("PUT", "/v1/storage/move", moved)).toBe(404);
    const kept = `/v1/storage/kept/${encodeURIComponent(name)}`;
    expect((await call("DELETE", kept)).body).toEqual({ status: "deleted" });
    expect(await statusOf("DELETE", kept)).toBe(404);
  });

  test("an upload replaces a file, and needs a name, a directory and a form", async () => {
    for (const content of ["one", "two"]) await call("POST", "/v1/storage/files", aForm("same.txt", content));
    expect((await call("GET", "/v1/files/same.txt")).text).toBe("two");
    expect(await statusOf("POST", "/v1/storage/files?path=same.txt", aForm("a.txt", ""))).toBe(400);
    expect(await statusOf("POST", "/v1/storage/files", aForm("notes", ""))).toBe(409);
    expect(await statusOf("POST", "/v1/storage/files?path=../x", aForm("a.txt", ""))).toBe(400);
    expect(await statusOf("POST", "/v1/storage/files?path=.goclaw", aForm("a.txt", ""))).toBe(404);
    expect(await statusOf("POST", "/v1/storage/files", aForm("a.txt", "", "other"))).toBe(400);
    expect(await statusOf("POST", "/v1/storage/files", { file: { path: "/etc/passwd" } })).toBe(415);
    for (const name of ["..", ".", ".goclaw", "a\u2028b"]) {
      expect(await statusOf("POST", "/v1/storage/files", aForm(name, "x"))).toBe(400);
    }
    expect((await call("POST", "/v1/storage/files", aForm("../../up.txt", "x"))).body.path).toBe("up.txt");
  });

  test("moving replaces nothing, and a directory does not go into itself", async () => {
    writeWorkspace(gateway, { "m/a.txt": "a", "m/b.txt": "b" });
    const move = (from: string, to: string) =>
      statusOf("PUT", `/v1/storage/move?from=${encodeURIComponent(from)}&to=${encodeURIComponent(to)}`);
    expect(await move("m/a.txt", "m/b.txt")).toBe(409);
    expect(await move("m", "m/sub")).toBe(400);
    expect(await move("m/a.txt", "../a.txt")).toBe(400);
    expect(await move("m/a.txt", "media")).toBe(403);
    expect(await move("m/a.txt", "m/b.txt/c")).toBe(400);
    expect(await move("m/a.txt", "m/new/c.txt")).toBe(200);
  });

  test("deleting takes a directory whole, of a link the link, and nothing that is protected", async () => {
    writeWorkspace(gateway, { "d/x/y.txt": "y", "files/e.txt": "e", "f.txt": "f" });
    symlinkSync(join(root, "notes"), join(root, "d", "notes"));
    expect(await statusOf("DELETE", "/v1/storage/d/notes")).toBe(200);
    expect(await statusOf("DELETE", "/v1/storage/d")).toBe(200);
    expect((await call("GET", "/v1/files/notes/hello.txt")).status).toBe(200);
    expect(existsSync(join(root, "d"))).toBe(false);
    expect(await statusOf("DELETE", "/v1/storage/files/e.txt")).toBe(200);
    expect(await statusOf("DELETE", "/v1/storage/files/f.txt")).toBe(200);
    for (const path of ["skills", "files/skills", "Media", "tenants"]) {
      expect(await statusOf("DELETE", `/v1/storage/${path}`)).toBe(403);
    }
    for (const path of ["..%2fx", "a/..%2f..%2fx", "%2e"]) {
      expect([400, 404]).toContain(await statusOf("DELETE", `/v1/storage/${path}`));
    }
    expect(await statusOf("DELETE", "/v1/storage/.goclaw")).toBe(404);
  });

  test("are counted while a client follows", async () => {
    const { text, headers } = await call("GET", "/v1/storage/size");
    expect(headers.get("content-type")).toStartWith("text/event-stream");
    const last = JSON.parse(text.trim().split("data: ").at(-1) ?? "");
    expect(last.done).toBe(true);
    expect(last.files).toBeGreaterThanOrEqual(3);
    expect(last.total).toBeGreaterThanOrEqual(1_048_577);
  });

  test("callers who are no administrators reach the directories that agents keep for them", async () => {
    const { id } = (await call("POST", "/v1/agents", { agent_key: "keeper", provider: "demo", model: "demo" })).body;
    await call("POST", `/v1/agents/${id}/sharing`, { user_id: "bob", role: "user" });
    const mine = `${id}/${ownWorkspace("bob")}`;
    writeWorkspace(gateway, { [`${mine}/a.txt`]: "bob's", [`${id}/${ownWorkspace("eve")}/b.txt`]: "eve's" });
    const bob = { ...(await aKey(gateway, ["write"])), user: "bob" };
    const eve = { ...bob, user: "eve" };
    expect(await listed("?depth=9", bob)).toEqual([id, mine, `${mine}/a.txt`]);
    expect((await call("GET", `/v1/files/${mine}/a.txt`, undefined, bob)).text).toBe("bob's");
    expect((await call("GET", `/v1/storage/files/${mine}/a.txt`, undefined, bob)).body.content).toBe("bob's");
    for (const path of [
      `${id}/${ownWorkspace("eve")}/b.txt`,
      "notes/hello.txt",
      `keeper/${ownWorkspace("bob")}/a.txt`,
    ]) {
      expect(await statusOf("GET", `/v1/files/${path}`, undefined, bob)).toBe(404);
      expect(await statusOf("GET", `/v1/storage/files/${path}`, undefined, bob)).toBe(404);
      expect(await statusOf("POST", "/v1/files/sign", { path }, bob)).toBe(404);
    }
    expect(await statusOf("GET", `/v1/files?path=${id}/${ownWorkspace("eve")}`, undefined, bob)).toBe(404);
    // Nobody shares the agent with eve.
    expect(await listed("?depth=9", eve)).toEqual([]);
    expect(await statusOf("GET", `/v1/files/${id}/${ownWorkspace("eve")}/b.txt`, undefined, eve)).toBe(404);
    expect(await statusOf("DELETE", `/v1/storage/${mine}/a.txt`, undefined, bob)).toBe(403);
    expect((await call("GET", "/v1/storage/size", undefined, bob)).text).toContain('"total":5,"files":1');
  });

  test("another tenant sees none of them", async () => {
    await aTenant(gateway, "elsewhere");
    const options = { headers: { "X-GoClaw-Tenant-Id": "elsewhere" } };
    expect(await listed("", options)).toEqual([]);
    expect(await statusOf("GET", "/v1/files/notes/hello.txt", undefined, options)).toBe(404);
    expect(await statusOf("GET", `/v1/files${root}/notes/hello.txt`, undefined, options)).not.toBe(200);
    expect(await statusOf("DELETE", "/v1/storage/notes/hello.txt", undefined, options)).toBe(404);
  });

  test("changes stand in the activity log with their user and path", async () => {
    await call("POST", "/v1/storage/files?path=log", aForm("a.txt", "1"));
    await call("PUT", "/v1/storage/move?from=log/a.txt&to=log/b.txt");
    await call("DELETE", "/v1/storage/log/b.txt");
    const { read } = gateway.gateway.database.forTenant(MASTER_TENANT_ID);
    const rows = await read.selectFrom("activity_logs").selectAll().where("entity_type", "=", "storage").execute();
    const ofLog = rows.filter(({ entity_id }) => entity_id.startsWith("log/"));
    expect(ofLog.map(({ actor_id, action, entity_id }) => [actor_id, action, entity_id])).toEqual([
      ["ada", "storage.uploaded", "log/a.txt"],
      ["ada", "storage.moved", "log/b.txt"],
      ["ada", "storage.deleted", "log/b.txt"],
    ]);
  });

  test("an upload under one idempotency key happens once", async () => {
    const headers = { "Idempotency-Key": "file-once" };
    const once = await call("POST", "/v1/storage/files", aForm("once.txt", "1"), { headers });
    const again = await call("POST", "/v1/storage/files", aForm("once.txt", "1"), { headers });
    expect([again.body, again.headers.get("idempotency-replayed")]).toEqual([once.body, "true"]);
    expect(await statusOf("POST", "/v1/storage/files", aForm("once.txt", "2"), { headers })).toBe(409);
  });
});
