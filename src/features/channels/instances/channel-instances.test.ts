import { afterAll, describe, expect, test } from "bun:test";
import { testDialects } from "#testing/test-database.ts";
import { startTestGateway } from "#testing/test-gateway.ts";

const PATHS = ["/v1/channel-instances", "/v1/channels/instances"];

describe.each([...testDialects()])("accounts on chat platforms on %s", async (dialect) => {
  const gateway = await startTestGateway({ dialect });
  const { call } = gateway;
  afterAll(() => gateway.stop());
  const [agent] = (await call("GET", "/v1/agents")).body.agents;
  const create = (body: object) =>
    call("POST", "/v1/channel-instances", { channel_type: "webhook", agent_id: agent.id, ...body });
  const stored = (id: string) =>
    gateway.gateway.database
      .system("a test of stored secrets")
      .read.selectFrom("channel_instances")
      .select("credentials")
      .where("id", "=", id)
      .executeTakeFirstOrThrow();

  test.each(PATHS)("are created, read, changed and deleted at %s", async (path) => {
    const name = `bot ở 机器人 🤖 ${path.length}`;
    const created = await call("POST", path, {
      ...{ name, channel_type: "telegram", agent_id: "default", display_name: "My bot" },
      credentials: { token: "123:abc" },
      config: { dm_policy: "open", allow_from: ["u1", 42] },
      enabled: false,
    });
    expect(created.status).toBe(201);
    expect(created.body).toMatchObject({
      ...{ name, display_name: "My bot", channel_type: "telegram", agent_id: agent.id, enabled: false },
      ...{ config: { dm_policy: "open", allow_from: ["u1", 42] }, is_default: false, created_by: "ada" },
      ...{ has_credentials: true, credentials: { token: "***" } },
    });
    expect(created.body).not.toHaveProperty("tenant_id");
    const { id } = created.body;
    const update = { display_name: "Your bot", credentials: { token: "456:def", extra: "x" } };
    expect((await call("PUT", `${path}/${id}`, update)).body).toEqual({ status: "updated" });
    expect((await call("GET", `${path}/${id}`)).body).toMatchObject({
      ...{ name, display_name: "Your bot", credentials: { token: "***", extra: "***" } },
      config: { dm_policy: "open" },
    });
    expect((await call("DELETE", `${path}/${id}`)).body).toEqual({ status: "deleted" });
    expect((await call("DELETE", `${path}/${id}`)).status).toBe(404);
  });

  test("credentials are merged by name, encrypted, and never shown", async () => {
    const { body } = await create({ name: "merged", credentials: { secret: "planted-secret-1", note: "planted-2" } });
    const first = JSON.parse((await stored(body.id)).credentials);
    expect(first.secret).toStartWith("aes-gcm:");
    await call("PUT", `/v1/channel-instances/${body.id}`, {
      credentials: { secret: "***", note: null, other: "planted-3" },
    });
    const second = JSON.parse((await stored(body.id)).credentials);
    expect(second.secret).toBe(first.secret);
    expect(Object.keys(second).toSorted()).toEqual(["other", "secret"]);
    const shown = await call("GET", `/v1/channel-instances/${body.id}`);
    expect(shown.body.credentials).toEqual({ secret: "***", other: "***" });
    expect(shown.text).not.toContain("planted");
  });

  test("group_policy, allow_from and webhook_secret are taken beside the settings", async () => {
    const { body } = await create({ name: "folded", config: { require_mention: true } });
    const update = { group_policy: "allowlist", allow_from: ["ann"], webhook_secret: "a-secret-of-16-c" };
    expect((await call("PUT", `/v1/channel-instances/${body.id}`, update)).status).toBe(200);
    const { config, credentials } = (await call("GET", `/v1/channel-instances/${body.id}`)).body;
    expect(config).toEqual({ require_mention: true, group_policy: "allowlist", allow_from: ["ann"] });
    expect(credentials).toEqual({ webhook_secret: "***" });
  });

  test.each([
    ["an unknown type", { channel_type: "carrier-pigeon" }, "channel_type"],
    ["a policy that there is not", { config: { dm_policy: "maybe" } }, "config.dm_policy"],
    ["a callback that is no URL", { config: { callback_url: "nowhere" } }, "config.callback_url"],
    ["a secret that is too short", { credentials: { secret: "short" } }, "credentials.secret"],
    [
      "a token that is none of Telegram",
      { channel_type: "telegram", credentials: { token: "abc" } },
      "credentials.token",
    ],
    [
      "a Slack token of the wrong kind",
      { channel_type: "slack", credentials: { bot_token: "x" } },
      "credentials.bot_token",
    ],
    ["a name with a colon", { name: "a:b" }, "name"],
  ])("%s is refused with the name of the field", async (_, body, field) => {
    const answer = await create({ name: "refused", ...body });
    expect([answer.status, answer.body.error.code]).toEqual([400, "INVALID_REQUEST"]);
    expect(answer.body.error.details.field).toBe(field);
  });

  test("an unknown agent is not found, and a name is taken once", async () => {
    expect((await create({ name: "nobody", agent_id: "nobody" })).status).toBe(404);
    expect((await create({ name: "taken" })).status).toBe(201);
    expect((await create({ name: "taken" })).status).toBe(409);
    const { body } = await create({ name: "other" });
    expect((await call("PUT", `/v1/channel-instances/${body.id}`, { name: "taken" })).status).toBe(409);
  });

  test("a stored token goes to no other server and to no other type", async () => {
    const credentials = { token: "123:abc" };
    const { body } = await create({ name: "moved", channel_type: "telegram", credentials, enabled: false });
    const put = (changes: object) => call("PUT", `/v1/channel-instances/${body.id}`, changes);
    for (const changes of [{ credentials: { api_server: "https://evil.test" } }, { channel_type: "discord" }]) {
      const { status, body: refused } = await put(changes);
      expect([status, refused.error.details.reason]).toEqual([400, "key_needed_again"]);
    }
    const both = { credentials: { api_server: "https://mine.test", token: "9:z" } };
    expect((await put(both)).status).toBe(200);
    expect((await put({ credentials: { api_server: "https://mine.test" } })).status).toBe(200);
  });

  test("lists are searched without wildcards, filtered by type and paged", async () => {
    for (const name of ["list-50%", "list-500", "list-Ă"]) await create({ name, display_name: "Mục lục" });
    const list = async (query: string) => (await call("GET", `/v1/channel-instances?${query}`)).body;
    const names = async (query: string) =>
      (await list(query)).instances.map(({ name }: { name: string }) => name).toSorted();
    expect(await names("search=50%25")).toEqual(["list-50%"]);
    expect(await names("search=LIST-ă")).toEqual(["list-Ă"]);
    expect(await list("search=mục&limit=2&offset=1")).toMatchObject({ total: 3, limit: 2, offset: 1 });
    expect(await list("limit=900")).toMatchObject({ limit: 50 });
    expect(await names("channel_type=slack")).toEqual([]);
  });

  test("an account of the configuration cannot be deleted", async () => {
    const { body } = await create({ name: "configured" });
    const system = gateway.gateway.database.system("a test of default accounts");
    await system.write((queries) =>
      queries.updateTable("channel_instances").set({ is_default: 1 }).where("id", "=", body.id).execute(),
    );
    const { status, body: refused } = await call("DELETE", `/v1/channel-instances/${body.id}`);
    expect([status, refused.error.code]).toEqual([409, "FAILED_PRECONDITION"]);
  });

  test("changes are in the activity log without credentials", async () => {
    const { text } = await call("GET", "/v1/activity?entity_type=channel_instance&limit=100");
    expect(text).toContain("channel_instance.created");
    expect(text).toContain('"new_credentials":["note","other"]');
    expect(text).not.toContain("planted");
  });
});
