import { afterAll, describe, expect, test } from "bun:test";
import { newId } from "#base/ids.ts";
import { aKey, aTenant } from "#features/tenants/tenant-fixture.ts";
import { aSkillZip, skillText } from "#testing/skills/skill-archive.ts";
import { skillCalls } from "#testing/skills/skill-calls.ts";
import { buildZip } from "#testing/skills/zip-builder.ts";
import { testDialects } from "#testing/test-database.ts";
import { startTestGateway } from "#testing/test-gateway.ts";

describe.each([...testDialects()])("skills on %s", async (dialect) => {
  const gateway = await startTestGateway({ dialect });
  const { call, home } = gateway;
  afterAll(gateway.stop);
  await aTenant(gateway, "other");
  const reader = await aKey(gateway, ["read"], { owner_id: "rita" });
  const { upload, statusOf, aSkill } = skillCalls(gateway);

  test("an upload is stored, the same files change nothing, and a changed script is a new version", async () => {
    const text = { name: "weather-helper", description: "Tells the weather", more: "author: Alice\nlicense: MIT\n" };
    const first = await upload(aSkillZip(text, { "scripts/run.sh": "echo 1" }));
    expect(first.status).toBe(201);
    const { id } = first.body;
    const answer = { id, slug: "weather-helper", version: 1, name: "weather-helper", status: "active", is_new: true };
    expect(first.body).toEqual(answer);
    const again = await upload(aSkillZip(text, { "scripts/run.sh": "echo 1" }));
    expect([again.status, again.body.status, again.body.version]).toEqual([200, "unchanged", 1]);
    const second = await upload(aSkillZip(text, { "scripts/run.sh": "echo 2" }));
    expect([second.status, second.body.version, second.body.is_new]).toEqual([201, 2, false]);
    expect((await call("GET", `/v1/skills/${id}/versions`)).body).toEqual({ versions: [1, 2], current: 2 });
    for (const [version, content] of Object.entries({ 1: "echo 1", 2: "echo 2" })) {
      const file = await call("GET", `/v1/skills/${id}/files/scripts/run.sh?version=${version}`);
      expect(file.body).toEqual({ content, path: "scripts/run.sh", size: 6, encoding: "utf-8" });
    }
    const shown = { id, description: "Tells the weather", author: "Alice", license: "MIT", version: 2, enabled: true };
    for (const reference of [id, "weather-helper"]) {
      const { body } = await call("GET", `/v1/skills/${reference}`);
      expect(body).toMatchObject({ ...shown, visibility: "internal", source: "managed", status: "active" });
    }
  });

  test("the list has the skills of the gateway and the tenant's, by name, and can be searched without marks", async () => {
    await upload(aSkillZip({ name: "ghi-chu", description: "Báo cáo hằng tuần" }));
    const { skills } = (await call("GET", "/v1/skills")).body;
    const names = skills.map(({ name }: { name: string }) => name);
    expect(names).toEqual(names.toSorted((a: string, b: string) => a.localeCompare(b, "en")));
    for (const name of ["data-summary", "research-report", "skill-creator", "ghi-chu"]) expect(names).toContain(name);
    expect((await call("GET", "/v1/skills?q=bao%20cao")).body.skills).toMatchObject([{ name: "ghi-chu" }]);
  });

  test("only administrators see where on the machine a skill lies", async () => {
    await aSkill("placed");
    const paths = async (options = {}) => {
      const own = (await call("GET", "/v1/skills/placed", undefined, options)).body;
      const builtin = (await call("GET", "/v1/skills/skill-creator", undefined, options)).body;
      return [own.baseDir, own.path, builtin.baseDir];
    };
    for (const path of await paths()) expect(path).toStartWith(home);
    const [baseDir, path, builtin] = await paths(reader);
    expect([baseDir, path]).toEqual(["placed/1", "placed/1/SKILL.md"]);
    expect(builtin).toStartWith("builtin/skill-creator/");
  });

  test("files come back byte for byte, each folder before what lies in it", async () => {
    const binary = new Uint8Array(70_000).map((_, index) => index % 251);
    const files = {
      "LICENSE.txt": "MIT License\r\n",
      "scripts/analyse.py": "\ufeffprint('chào')\r\n",
      "references/sâu/hơn/tài liệu 🦊.md": "# 数据\n",
      "references/empty.md": "",
      "assets/logo.png": binary,
    };
    const id = await aSkill("whole", files);
    const listed = (await call("GET", `/v1/skills/${id}/files`)).body.files;
    expect(listed.map(({ path, isDir }: { path: string; isDir: boolean }) => (isDir ? `${path}/` : path))).toEqual([
      ...["LICENSE.txt", "SKILL.md", "assets/", "assets/logo.png", "references/", "references/empty.md"],
      ...["references/sâu/", "references/sâu/hơn/", "references/sâu/hơn/tài liệu 🦊.md"],
      ...["scripts/", "scripts/analyse.py"],
    ]);
    for (const [path, content] of Object.entries(files)) {
      const { body } = await call("GET", `/v1/skills/${id}/files/${path.split("/").map(encodeURIComponent).join("/")}`);
      const bytes = Buffer.from(body.content, body.encoding === "base64" ? "base64" : "utf8");
      expect(bytes.equals(Buffer.from(content))).toBe(true);
    }
  });

  test("unknown skills, versions and files are not found, and no path leaves the skill", async () => {
    const id = await aSkill("bounded");
    const get = (path: string) => statusOf("GET", `/v1/skills/${path}`);
    for (const path of ["nope", newId(), "nope/files", `${newId()}/versions`, "nope/files/SKILL.md"]) {
      expect(await get(path)).toBe(404);
    }
    expect(await get(`${id}/files?version=9`)).toBe(404);
    expect(await get(`${id}/files/none.md`)).toBe(404);
    expect(await get(`${id}/files/SKILL.md?version=9`)).toBe(404);
    for (const version of ["x", "0", "-1", "1.5"]) expect(await get(`${id}/files?version=${version}`)).toBe(400);
    for (const path of ["..%2f..%2fx", "..%5cx", "%2fetc%2fpasswd", "a%2f..%2fSKILL.md"]) {
      expect(await get(`${id}/files/${path}`)).toBe(400);
    }
  });

  test("a file of more than ten megabytes is listed, but not shown", async () => {
    const large = Buffer.alloc(10 * 1_024 * 1_024 + 1, crypto.getRandomValues(new Uint8Array(4_099)));
    const archive = buildZip([
      { name: "SKILL.md", content: skillText({ name: "heavy" }) },
      { name: "large.bin", content: large, method: 0 },
    ]);
    const { id } = (await upload(archive)).body;
    expect((await call("GET", `/v1/skills/${id}/files`)).body.files).toHaveLength(2);
    expect(await statusOf("GET", `/v1/skills/${id}/files/large.bin`)).toBe(400);
  });

  test("an update changes what is said of a skill, and nothing else", async () => {
    const id = await aSkill("updated");
    const changes = { name: "Đổi tên", description: "Mới", tags: ["a"], visibility: "Public" };
    const sent = { ...changes, is_system: true, owner_id: "eve", slug: "x", enabled: false, version: 9 };
    expect((await call("PUT", `/v1/skills/${id}`, sent)).body).toEqual({ ok: "true" });
    expect((await call("GET", `/v1/skills/${id}`)).body).toMatchObject({
      ...{ ...changes, visibility: "public" },
      ...{ is_system: false, owner_id: "ada", slug: "updated", enabled: true, version: 1 },
    });
    expect(await statusOf("GET", `/v1/skills/${encodeURIComponent("Đổi tên")}`)).toBe(200);
    for (const bad of [{ visibility: "secret" }, { name: "a\nb" }, { tags: "x" }]) {
      expect(await statusOf("PUT", `/v1/skills/${id}`, bad)).toBe(400);
    }
    expect(await statusOf("PUT", "/v1/skills/nope", { description: "x" })).toBe(404);
    expect((await call("PUT", `/v1/skills/${id}`, { nonsense: 1 })).body).toEqual({ ok: "true" });
  });

  test("a private skill is hidden from other users, but not from administrators", async () => {
    const id = await aSkill("hidden");
    await call("PUT", `/v1/skills/${id}`, { visibility: "private" });
    expect(await statusOf("GET", `/v1/skills/${id}`, undefined, reader)).toBe(404);
    expect(await statusOf("GET", `/v1/skills/${id}/files`, undefined, reader)).toBe(404);
    expect((await call("GET", "/v1/skills", undefined, reader)).text).not.toContain("hidden");
    expect(await statusOf("GET", `/v1/skills/${id}`)).toBe(200);
  });

  test("a deleted skill is gone, and an upload of its slug goes on with the next version", async () => {
    const id = await aSkill("deleted");
    expect((await call("DELETE", `/v1/skills/${id}`)).body).toEqual({ ok: "true" });
    expect(await statusOf("DELETE", `/v1/skills/${id}`)).toBe(404);
    expect(await statusOf("GET", `/v1/skills/${id}`)).toBe(404);
    expect((await call("GET", "/v1/skills")).text).not.toContain(id);
    const { status, body } = await upload(aSkillZip({ name: "deleted" }));
    expect([status, body]).toMatchObject([201, { id, version: 2, is_new: true }]);
    expect((await call("GET", `/v1/skills/${id}`)).body.visibility).toBe("private");
  });

  test("a toggle sets or flips the state", async () => {
    const id = await aSkill("toggled");
    const toggle = async (body?: object) => (await call("POST", `/v1/skills/${id}/toggle`, body)).body;
    expect(await toggle({ enabled: false })).toEqual({ ok: true, enabled: false, status: "" });
    expect((await call("GET", `/v1/skills/${id}`)).body.enabled).toBe(false);
    expect(await toggle()).toEqual({ ok: true, enabled: true, status: "active" });
    expect(await toggle({})).toEqual({ ok: true, enabled: false, status: "" });
    expect(await statusOf("POST", "/v1/skills/nope/toggle", {})).toBe(404);
    expect(await statusOf("POST", `/v1/skills/${id}/toggle`, { enabled: "x" })).toBe(400);
  });

  test("skills of the gateway cannot be changed, and each tenant switches them on or off for itself", async () => {
    const { id } = (await call("GET", "/v1/skills/data-summary")).body;
    for (const reference of [id, "data-summary"]) {
      const path = `/v1/skills/${reference}`;
      expect(await statusOf("PUT", path, { description: "x" })).toBe(403);
      expect(await statusOf("DELETE", path)).toBe(403);
      expect(await statusOf("POST", `${path}/grants/agent`, { agent_id: "x" })).toBe(403);
    }
    const taken = await upload(aSkillZip({ name: "data-summary" }));
    expect([taken.status, taken.body.error.code]).toEqual([409, "ALREADY_EXISTS"]);
    await call("POST", "/v1/skills/data-summary/toggle", { enabled: false });
    const stateIn = async (options = {}) => (await call("GET", "/v1/skills/data-summary", undefined, options)).body;
    expect(await stateIn()).toMatchObject({ enabled: false, tenant_enabled: false });
    const other = await stateIn({ headers: { "X-GoClaw-Tenant-Id": "other" } });
    expect([other.enabled, other.tenant_enabled]).toEqual([true, undefined]);
    expect((await call("POST", "/v1/skills/data-summary/toggle")).body.enabled).toBe(true);
    expect((await call("GET", "/v1/skills/data-summary/versions")).body).toEqual({ versions: [1], current: 1 });
    const script = await call("GET", "/v1/skills/data-summary/files/scripts/summarise.sh?version=1");
    expect(script.body.content).toStartWith("#!/bin/sh");
    expect(await statusOf("GET", "/v1/skills/data-summary/files?version=2")).toBe(404);
  });

  test("changes are recorded with their authors", async () => {
    const id = await aSkill("recorded");
    await call("POST", `/v1/skills/${id}/toggle`, { enabled: false });
    await call("DELETE", `/v1/skills/${id}`);
    const { forTenant } = gateway.gateway.database;
    const tenantId = (await call("GET", "/v1/tenants/mine")).body.tenants[0].id;
    const rows = await forTenant
      .call(gateway.gateway.database, tenantId)
      .read.selectFrom("activity_logs")
      .select(["action", "entity_id", "actor_id"])
      .where("entity_type", "=", "skill")
      .where("entity_id", "in", [id, "recorded"])
      .orderBy("id")
      .execute();
    expect(rows).toEqual([
      { action: "skill.uploaded", entity_id: "recorded", actor_id: "ada" },
      { action: "skill.toggled", entity_id: id, actor_id: "ada" },
      { action: "skill.deleted", entity_id: id, actor_id: "ada" },
    ]);
  });
});
