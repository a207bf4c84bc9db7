import { afterAll, describe, expect, test } from "bun:test";
import { newId } from "#base/ids.ts";
import { aKey, aTenant } from "#features/tenants/tenant-fixture.ts";
import { aSkillZip } from "#testing/skills/skill-archive.ts";
import { skillCalls } from "#testing/skills/skill-calls.ts";
import { testDialects } from "#testing/test-database.ts";
import { startTestGateway } from "#testing/test-gateway.ts";

describe.each([...testDialects()])("grants of skills on %s", async (dialect) => {
  const gateway = await startTestGateway({ dialect });
  const { call } = gateway;
  afterAll(gateway.stop);
  await aTenant(gateway, "other");
  const reader = await aKey(gateway, ["read"], { owner_id: "rita" });
  const { upload, statusOf, aSkill, anAgent } = skillCalls(gateway);
  const skillsOf = async (agent: string, options = {}) =>
    (await call("GET", `/v1/agents/${agent}/skills`, undefined, options)).body.skills;

  test("grants to agents are pinned or follow the current version, and shape the visibility", async () => {
    const [skill, agent] = [await aSkill("granted"), await anAgent("grantee")];
    await upload(aSkillZip({ name: "granted" }, { "a.md": "2" }));
    const visibility = async () => (await call("GET", `/v1/skills/${skill}`)).body.visibility;
    await call("PUT", `/v1/skills/${skill}`, { visibility: "private" });
    for (const path of ["agent", "agents"]) {
      const grant = await call("POST", `/v1/skills/${skill}/grants/${path}`, { agentId: "grantee", pinned_version: 1 });
      expect([grant.status, grant.body]).toEqual([201, { ok: "true" }]);
    }
    expect(await visibility()).toBe("internal");
    const ofAgent = async () => (await skillsOf("grantee")).find(({ slug }: { slug: string }) => slug === "granted");
    expect(await ofAgent()).toMatchObject({ granted: true, can_manage: false, pinned_version: 1, version: 2 });
    await call("POST", `/v1/skills/${skill}/grants/agent`, { agent_id: agent, can_manage: true });
    expect(await ofAgent()).toMatchObject({ granted: true, can_manage: true });
    expect((await ofAgent()).pinned_version).toBeUndefined();
    expect((await call("GET", `/v1/skills/${skill}/grants/agents`)).body.grants).toMatchObject([
      { agent_id: agent, agent_key: "grantee", can_manage: true, granted_by: "ada" },
    ]);
    expect((await call("GET", "/v1/skills/granted")).body.manager_agents).toMatchObject([{ agent_key: "grantee" }]);
    for (const path of ["agent", "agents"]) {
      expect((await call("DELETE", `/v1/skills/${skill}/grants/${path}/${agent}`)).body).toEqual({ ok: "true" });
    }
    expect([await visibility(), (await ofAgent()).granted]).toEqual(["private", false]);
    for (const bad of [{}, { agent_id: newId() }, { agent_id: agent, version: 9 }, { agent_id: agent, version: 0 }]) {
      expect(await statusOf("POST", `/v1/skills/${skill}/grants/agent`, bad)).toBe(400);
    }
    expect(await statusOf("POST", "/v1/skills/nope/grants/agent", { agent_id: agent })).toBe(404);
  });

  test("deleting an agent removes its grants", async () => {
    const [skill, agent] = [await aSkill("orphaned"), await anAgent("mortal")];
    await call("POST", `/v1/skills/${skill}/grants/agent`, { agent_id: agent });
    await call("DELETE", `/v1/agents/${agent}`);
    expect((await call("GET", `/v1/skills/${skill}/grants/agents`)).body.grants).toEqual([]);
  });

  test("an agent's skills are for those who may use the agent", async () => {
    const agent = await anAgent("closed");
    expect((await skillsOf(agent)).length).toBeGreaterThan(3);
    expect(await skillsOf("closed")).toEqual(await skillsOf(agent));
    expect(await statusOf("GET", "/v1/agents/closed/skills", undefined, reader)).toBe(403);
    expect(await statusOf("GET", "/v1/agents/nobody/skills")).toBe(404);
    await call("POST", "/v1/skills/skill-creator/toggle", { enabled: false });
    expect((await skillsOf(agent)).map(({ slug }: { slug: string }) => slug)).not.toContain("skill-creator");
    await call("POST", "/v1/skills/skill-creator/toggle", { enabled: true });
  });

  test("grants to users need members of the tenant, and can be taken back", async () => {
    const skill = await aSkill("for-users");
    const path = `/v1/skills/${skill}/grants/user`;
    expect(await statusOf("POST", path, { user_id: "đặng 🦊" })).toBe(201);
    expect(await statusOf("POST", path, { user_id: "đặng 🦊" })).toBe(201);
    for (let round = 0; round < 2; round++) {
      expect((await call("DELETE", `${path}/${encodeURIComponent("đặng 🦊")}`)).body).toEqual({ ok: "true" });
    }
    expect((await call("GET", `/v1/skills/${skill}`)).body.visibility).toBe("private");
    const other = { headers: { "X-GoClaw-Tenant-Id": "other" } };
    const { id } = (await upload(aSkillZip({ name: "for-users" }), other)).body;
    const stranger = await call("POST", `/v1/skills/${id}/grants/user`, { user_id: "stranger" }, other);
    expect([stranger.status, stranger.body.error.code]).toEqual([403, "UNAUTHORIZED"]);
  });
});
