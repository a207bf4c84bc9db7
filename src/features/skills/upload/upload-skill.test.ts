import { afterAll, describe, expect, test } from "bun:test";
import { newId, type TenantId, toTenantId } from "#base/ids.ts";
import { LIMITS } from "#base/limits.ts";
import { chunk } from "#db/values.ts";
import { aTenant } from "#features/tenants/tenant-fixture.ts";
import { aSkillZip, toUpload } from "#testing/skills/skill-archive.ts";
import { skillCalls } from "#testing/skills/skill-calls.ts";
import { testDialects } from "#testing/test-database.ts";
import { startTestGateway } from "#testing/test-gateway.ts";

describe.each([...testDialects()])("uploads of skills on %s", async (dialect) => {
  const gateway = await startTestGateway({ dialect, env: { GOCLAW_SKILLS_MAX_UPLOAD_SIZE_MB: "1" } });
  const { call } = gateway;
  afterAll(gateway.stop);
  const { upload, statusOf, anAgent } = skillCalls(gateway);

  test("an upload makes agents managers, and names those that it could not find", async () => {
    await anAgent("chief");
    const managers = { manager_agent_ids: '["chief","nobody"]' };
    const archive = aSkillZip({ name: "managed" });
    const { body } = await call("POST", "/v1/skills/upload", toUpload(archive, managers));
    expect(body.grant_errors).toEqual(["unknown agent: nobody"]);
    expect((await call("GET", "/v1/skills/managed")).body.manager_agents).toMatchObject([{ agent_key: "chief" }]);
    for (const text of ["chief", "{}", "[1]"]) {
      const refused = await call("POST", "/v1/skills/upload", toUpload(archive, { manager_agent_ids: text }));
      expect([refused.status, refused.body.error.details.field]).toEqual([400, "manager_agent_ids"]);
    }
  });

  test("the body of an upload is a form with a file of limited size", async () => {
    expect(await statusOf("POST", "/v1/skills/upload", {})).toBe(415);
    const form = new FormData();
    form.set("zip", new File(["x"], "a.zip"));
    expect(await statusOf("POST", "/v1/skills/upload", form)).toBe(400);
    const fitting = aSkillZip({ name: "large" }, { "a.bin": crypto.getRandomValues(new Uint8Array(65_000)) });
    const fill = (size: number) => new Uint8Array(Buffer.concat([fitting, Buffer.alloc(size - fitting.length)]));
    const large = await upload(fill(1_048_577));
    expect([large.status, large.body.error.code]).toEqual([413, "INVALID_REQUEST"]);
    expect((await upload(fill(1_048_576))).body.error.details.reason).toBe("not_a_zip");
    expect((await upload(fill(3_000_000))).status).toBe(413);
  });

  test("an upload without a user belongs to the system", async () => {
    expect((await upload(aSkillZip({ name: "nobodys" }), { user: null })).status).toBe(201);
    expect((await call("GET", "/v1/skills/nobodys")).body.owner_id).toBe("system");
  });

  test("an upload under an idempotency key is repeated only for the same file", async () => {
    const headers = { "Idempotency-Key": "upload-once" };
    const first = await upload(aSkillZip({ name: "once" }), { headers });
    const again = await upload(aSkillZip({ name: "once" }), { headers });
    expect([again.status, again.headers.get("idempotency-replayed")]).toEqual([201, "true"]);
    expect(again.body).toEqual(first.body);
    expect((await upload(aSkillZip({ name: "twice" }), { headers })).status).toBe(409);
  });

  test("a tenant has a limited number of skills, and new versions of those that it has", async () => {
    const tenantId = toTenantId(await aTenant(gateway, "full"));
    const options = { headers: { "X-GoClaw-Tenant-Id": "full" } };
    expect((await upload(aSkillZip({ name: "first" }), options)).status).toBe(201);
    const [row] = await skillRows(tenantId);
    const rows = Array.from({ length: LIMITS.skillsPerTenant - 1 }, (_, n) => ({
      ...row,
      id: newId(),
      slug: `s-${n}`,
    }));
    await gateway.gateway.database.forTenant(tenantId).write(async (queries) => {
      for (const part of chunk(rows, 50)) await queries.insertInto("skills", part as never).execute();
    });
    const refused = await upload(aSkillZip({ name: "one-more" }), options);
    expect([refused.status, refused.body.error.details.reason]).toEqual([409, "too_many_skills"]);
    expect((await upload(aSkillZip({ name: "first" }, { "a.md": "2" }), options)).body.version).toBe(2);
  });

  const skillRows = (tenantId: TenantId) =>
    gateway.gateway.database.forTenant(tenantId).read.selectFrom("skills").selectAll().execute();

  test("uploads at the same time get increasing versions, each with its own files", async () => {
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, n) => upload(aSkillZip({ name: "crowded" }, { "n.txt": `${n}` }))),
    );
    const versions = answers.map(({ body }) => body.version as number);
    expect(versions.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 20 }, (_, n) => n + 1));
    for (const [n, version] of versions.entries()) {
      const { body } = await call("GET", `/v1/skills/crowded/files/n.txt?version=${version}`);
      expect(body.content).toBe(`${n}`);
    }
  });
});
