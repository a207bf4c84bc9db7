import { afterAll, beforeEach, describe, expect, test } from "bun:test";
import { MASTER_TENANT_ID } from "#base/ids.ts";
import { startToolGateway } from "#features/builtin-tools/tool-run-fixture.ts";
import { aKey } from "#features/tenants/tenant-fixture.ts";
import { testDialects } from "#testing/test-database.ts";

const fileOf = (name: string, content: string) => `<file name="${name}">\n${content}\n</file>`;
const SOUL = fileOf("SOUL.md", "# Who you are\n\nYou love tea.");
const IDENTITY = fileOf("IDENTITY.md", "Name: Trà Đá\nEmoji: 🍵");
const CAPABILITIES = fileOf("CAPABILITIES.md", "- tea");
const ALL = `<frontmatter>Knows tea</frontmatter>\n${SOUL}\n${IDENTITY}\n${CAPABILITIES}`;
const DESCRIPTION = "Một người pha trà vui tính 🍵";

describe.each([...testDialects()])("summoning on %s", async (dialect) => {
  const gateway = await startToolGateway({ dialect, env: { GOCLAW_MODELS_FIRST_TOKEN_MS: "1500" } });
  const { call, model } = gateway;
  afterAll(gateway.stop);
  beforeEach(() => model.clear());
  await gateway.anAgent("plain");
  const db = gateway.gateway.database.forTenant(MASTER_TENANT_ID);
  let made = 0;
  const create = async (fields: object = {}) => {
    const agent_key = `summoned-${++made}`;
    const body = { agent_key, provider: "plain", model: "test-model", agent_description: DESCRIPTION, ...fields };
    return (await call("POST", "/v1/agents", body)).body;
  };
  const get = async (id: string) => (await call("GET", `/v1/agents/${id}`)).body;
  const untilDone = async (id: string) => {
    let agent = await get(id);
    for (; agent.status === "summoning"; agent = await get(id)) await Bun.sleep(20);
    return agent;
  };
  const files = async (id: string): Promise<Readonly<Record<string, string>>> => {
    const rows = db.read.selectFrom("agent_context_files").selectAll().where("agent_id", "=", id);
    return Object.fromEntries((await rows.execute()).map(({ file_name, content }) => [file_name, content]));
  };
  const aSummoned = async (fields: object = {}) => {
    model.enqueue({ text: ALL });
    return untilDone((await create(fields)).id);
  };
  const failure = async (path: string, body?: object, options = {}) => {
    const { status, body: answer } = await call("POST", `/v1/agents/${path}`, body, options);
    return [status, answer.error.code, answer.error.details?.reason];
  };

  test("an agent with a description is written by its own model", async () => {
    model.enqueue({ text: ALL, usage: { input: 11, output: 22 } });
    const created = await create();
    expect(created.status).toBe("summoning");
    const agent = await untilDone(created.id);
    expect(agent).toMatchObject({ status: "active", display_name: "Trà Đá", frontmatter: "Knows tea" });
    expect(model.requests.at(-1)?.lastUserText).toContain(DESCRIPTION);
    const written = await files(agent.id);
    expect(written["SOUL.md"]).toContain("You love tea.");
    expect(Object.keys(written)).toEqual(expect.arrayContaining(["AGENTS.md", "CAPABILITIES.md"]));
    await call("POST", `/v1/agents/${agent.id}/wake`, { message: "hi" });
    expect(JSON.stringify(model.requests.at(-1)?.body)).toContain("You love tea.");
    const usage = db.read.selectFrom("usage_records").selectAll().where("agent_id", "=", agent.id);
    expect((await usage.where("run_id", "=", "").execute())[0]).toMatchObject({ input_tokens: 11, output_tokens: 22 });
  });

  test("an agent answers with the files that it has while it is summoned", async () => {
    const writing = model.manual();
    const { id } = await create();
    await writing.arrived;
    model.enqueue({ text: "I am here" });
    expect((await call("POST", `/v1/agents/${id}/wake`, { message: "hi" })).body.content).toBe("I am here");
    await writing.send(ALL);
    await writing.finish();
    expect((await untilDone(id)).status).toBe("active");
  });

  test("the name that the user gave stays, also in the identity file", async () => {
    const agent = await aSummoned({ display_name: "Cô Ba" });
    expect(agent.display_name).toBe("Cô Ba");
    expect((await files(agent.id))["IDENTITY.md"]).toStartWith("Name: Cô Ba\n");
  });

  test("a prompt changes the files, and without one they are written anew from the description", async () => {
    const { id } = await aSummoned();
    model.enqueue({ text: fileOf("SOUL.md", "Shorter.") });
    const answer = await call("POST", `/v1/agents/${id}/regenerate`, { prompt: "Make it shorter" });
    expect([answer.status, answer.body]).toEqual([202, { ok: "true", status: "summoning" }]);
    expect(await untilDone(id)).toMatchObject({ status: "active", display_name: "Trà Đá", frontmatter: "Knows tea" });
    expect(model.requests.at(-1)?.lastUserText).toMatch(/Make it shorter[\s\S]*You love tea/);
    expect(await files(id)).toMatchObject({ "SOUL.md": "Shorter.\n", "IDENTITY.md": "Name: Trà Đá\nEmoji: 🍵\n" });
    model.enqueue({ text: SOUL });
    expect((await call("POST", `/v1/agents/${id}/regenerate`)).status).toBe(202);
    await untilDone(id);
    expect(model.requests.at(-1)?.lastUserText).toContain(DESCRIPTION);
  });

  test("a model that fails or writes nothing ends it, and another attempt writes only what is missing", async () => {
    model.enqueue({ text: "I'd rather not." });
    const { id } = await create();
    expect((await untilDone(id)).status).toBe("summon_failed");
    expect(await failure(`${id}/wake`, { message: "hi" })).toEqual([409, "FAILED_PRECONDITION", "agent_inactive"]);
    model.enqueue({ status: 401 });
    await call("POST", `/v1/agents/${id}/resummon`);
    expect((await untilDone(id)).status).toBe("summon_failed");
    model.enqueue({ text: ALL });
    expect((await call("POST", `/v1/agents/${id}/resummon`)).body).toEqual({ ok: "true", status: "summoning" });
    expect((await untilDone(id)).status).toBe("active");
    const calls = model.requests.length;
    await call("POST", `/v1/agents/${id}/resummon`);
    expect([(await untilDone(id)).status, model.requests.length]).toEqual(["active", calls]);
  });

  test("a model that is too slow for all files at once is asked for them in two parts", async () => {
    model.enqueue(
      { delayMs: 5_000 },
      { text: `<frontmatter>F</frontmatter>${SOUL}${IDENTITY}` },
      { text: CAPABILITIES },
    );
    const agent = await untilDone((await create()).id);
    expect(agent).toMatchObject({ status: "active", frontmatter: "F" });
    expect(model.requests.at(-1)?.lastUserText).toMatch(/CAPABILITIES.md[\s\S]*You love tea/);
    expect((await files(agent.id))["CAPABILITIES.md"]).toBe("- tea\n");
  });

  test("a cancelled one stops its model and stores nothing", async () => {
    const writing = model.manual();
    const { id } = await create();
    await writing.arrived;
    const cancelled = await call("POST", `/v1/agents/${id}/cancel-summon`);
    expect([cancelled.status, cancelled.body]).toEqual([202, { ok: "true", status: "summon_failed" }]);
    await writing.aborted;
    expect((await get(id)).status).toBe("summon_failed");
    expect((await files(id))["SOUL.md"]).not.toContain("tea");
    expect(await failure(`${id}/cancel-summon`)).toEqual([409, "FAILED_PRECONDITION", "not_summoning"]);
  });

  test("a second one replaces the first, whose answer comes to nothing", async () => {
    const first = model.manual();
    const { id } = await create();
    await first.arrived;
    model.enqueue({ text: fileOf("SOUL.md", "Second.") });
    await call("POST", `/v1/agents/${id}/regenerate`, { prompt: "again" });
    await first.send(ALL);
    await first.finish();
    expect((await untilDone(id)).status).toBe("active");
    expect((await files(id))["SOUL.md"]).toBe("Second.\n");
  });

  test("deleting the agent stops its model", async () => {
    const writing = model.manual();
    const { id } = await create();
    await writing.arrived;
    expect((await call("DELETE", `/v1/agents/${id}`)).status).toBe(200);
    await writing.aborted;
  });

  test("who may not, and what cannot, is refused", async () => {
    const { id } = await aSummoned();
    const bob = await aKey(gateway, ["write"], { owner_id: "bob" });
    for (const verb of ["regenerate", "resummon", "cancel-summon"]) {
      expect(await failure(`${id}/${verb}`, { prompt: "x" }, bob)).toEqual([403, "UNAUTHORIZED", undefined]);
      expect(await failure(`nobody/${verb}`, { prompt: "x" })).toEqual([404, "NOT_FOUND", undefined]);
    }
    const none = [409, "FAILED_PRECONDITION", "no_description"];
    expect(await failure("plain/resummon")).toEqual(none);
    expect(await failure("plain/regenerate")).toEqual(none);
    await call("POST", "/v1/providers", { name: "toy", provider_type: "demo" });
    const demo = await create({ provider: "toy" });
    expect(demo.status).toBe("active");
    for (const verb of ["regenerate", "resummon"]) {
      expect(await failure(`${demo.id}/${verb}`, { prompt: "x" })).toEqual([503, "UNAVAILABLE", "no_summoner"]);
    }
  });

  test("its end is in the activity log", async () => {
    const { id } = await aSummoned();
    const log = db.read.selectFrom("activity_logs").selectAll().where("entity_id", "=", id);
    const rows = await log.where("action", "=", "agent.summoned").execute();
    expect(rows.map(({ actor_type, details }) => [actor_type, JSON.parse(details ?? "")])).toEqual([
      ["system", { outcome: "completed", files: ["SOUL.md", "IDENTITY.md", "CAPABILITIES.md"] }],
    ]);
  });
});
