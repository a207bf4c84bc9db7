import { afterAll, describe, expect, test } from "bun:test";
import { MASTER_TENANT_ID } from "#base/ids.ts";
import { createLogger } from "#base/logger.ts";
import { createLocalEventBus } from "#core/events/local-event-bus.ts";
import { secretBox } from "#core/platform.ts";
import { toolUpdated } from "#features/builtin-tools/events.ts";
import { createToolSettingsSource, toolRegistry } from "#features/builtin-tools/index.ts";
import { aKey, aTenant } from "#features/tenants/tenant-fixture.ts";
import { testDialects } from "#testing/test-database.ts";
import { startTestGateway } from "#testing/test-gateway.ts";

const BUILTIN = "/v1/tools/builtin";

describe.each([...testDialects()])("built-in tools on %s", async (dialect) => {
  const gateway = await startTestGateway({ dialect });
  const { call } = gateway;
  const { database, services } = gateway.gateway;
  afterAll(() => gateway.stop());
  const admin = await aKey(gateway, ["admin"]);
  const reader = await aKey(gateway, ["read"]);
  await aTenant(gateway, "other");
  const other = await aKey(gateway, ["admin"], { tenant: "other" });
  const get = (name: string, caller = reader) => call("GET", `${BUILTIN}/${name}`, undefined, caller);
  const put = (name: string, body: object, caller = admin) => call("PUT", `${BUILTIN}/${name}`, body, caller);
  const storedRow = (name: string) =>
    database
      .forTenant(MASTER_TENANT_ID)
      .read.selectFrom("builtin_tool_settings")
      .selectAll()
      .where("name", "=", name)
      .executeTakeFirst();

  test("are listed by name with their parameters, enabled and without settings", async () => {
    const { status, body } = await call("GET", BUILTIN, undefined, reader);
    expect(status).toBe(200);
    expect(body.tools.map(({ name }: { name: string }) => name)).toEqual([
      ...["datetime", "edit", "list_files", "read_audio", "read_document", "read_file", "read_image"],
      ...["session_status", "sessions_history", "sessions_list", "web_fetch"],
      ...["web_search", "write_file"],
    ]);
    const fetch = body.tools.find(({ name }: { name: string }) => name === "web_fetch");
    expect(fetch).toMatchObject({ group: "web", enabled: true, settings: {}, parameters: { required: ["url"] } });
    expect(Object.keys(fetch.settings_schema.properties)).toEqual(["policy", "allowed_domains", "blocked_domains"]);
    expect((await get("web_fetch")).body).toEqual(fetch);
    expect((await get("datetime")).body).not.toHaveProperty("settings_schema");
  });

  test("are switched off and on, and fields that are not named stay", async () => {
    const rules = { policy: "allowlist", allowed_domains: ["example.com", "*.example.com"] };
    const off = await put("web_fetch", { enabled: false, settings: rules });
    expect(off.status).toBe(200);
    expect(off.body).toMatchObject({ name: "web_fetch", enabled: false, settings: rules });
    expect((await put("web_fetch", { settings: { policy: "allow_all" } })).body).toMatchObject({
      enabled: false,
      settings: { policy: "allow_all", allowed_domains: rules.allowed_domains },
    });
    expect((await put("web_fetch", { enabled: true, settings: { allowed_domains: null } })).body).toMatchObject({
      enabled: true,
      settings: { policy: "allow_all" },
    });
    expect((await get("web_fetch")).body.settings).toEqual({ policy: "allow_all" });
    expect((await put("web_fetch", {})).body.enabled).toBe(true);
  });

  test("keep their secrets sealed and show them masked", async () => {
    const brave_api_key = "BSA-planted-7d1f";
    const made = await put("web_search", { settings: { brave_api_key } });
    expect(made.body.settings).toEqual({ brave_api_key: "***" });
    const row = await storedRow("web_search");
    for (const kept of ["***", ""]) {
      expect((await put("web_search", { settings: { brave_api_key: kept } })).body.settings).toEqual({
        brave_api_key: "***",
      });
      expect((await storedRow("web_search"))?.settings).toBe(row?.settings ?? "");
    }
    const logs = await call("GET", `${BUILTIN}/web_search`, undefined, reader);
    for (const text of [made.text, row?.settings, logs.text]) expect(text).not.toContain("planted");
    expect((await put("web_search", { settings: { brave_api_key: null } })).body.settings).toEqual({});
  });

  test.each([
    ["web_fetch", { settings: { allowed_domains: ["https://example.com"] } }, "settings.allowed_domains.0"],
    ["web_fetch", { settings: { policy: "sometimes" } }, "settings.policy"],
    ["web_fetch", { settings: { allow_domains: [] } }, "settings.allow_domains"],
    ["web_search", { settings: { exa_api_key: 5 } }, "settings.exa_api_key"],
    ["datetime", { settings: { zone: "UTC" } }, "settings"],
    ["datetime", { enabled: "no" }, "enabled"],
  ])("%s refuses %j", async (name, body, field) => {
    const answer = await put(name, body);
    expect([answer.status, answer.body.error.details.field]).toEqual([400, field]);
    expect((await storedRow(name))?.enabled ?? 1).toBe(1);
  });

  test("are not found if they do not exist, and only administrators change them", async () => {
    expect((await get("exec")).status).toBe(404);
    expect((await put("exec", { enabled: true })).status).toBe(404);
    expect((await get("__proto__")).status).toBe(404);
    expect((await put("datetime", { enabled: false }, reader)).status).toBe(403);
    expect((await put("datetime", { enabled: false }, await aKey(gateway, ["write"]))).status).toBe(403);
  });

  test("have separate settings in each tenant", async () => {
    await put("datetime", { enabled: false }, other);
    expect((await get("datetime", other)).body.enabled).toBe(false);
    expect((await get("datetime")).body.enabled).toBe(true);
  });

  test("leave a line in the activity log when they change", async () => {
    await put("list_files", { enabled: false });
    const row = await database
      .forTenant(MASTER_TENANT_ID)
      .read.selectFrom("activity_logs")
      .select(["entity_type", "details"])
      .where("action", "=", "tool.updated")
      .where("entity_id", "=", "list_files")
      .executeTakeFirst();
    expect(row).toEqual({ entity_type: "tool", details: '{"enabled":false,"changed":[]}' });
  });

  test("are read once for many runs, and again after a change", async () => {
    const events = createLocalEventBus(createLogger("silent"));
    const source = createToolSettingsSource({
      tools: services.use(toolRegistry),
      secretBox: services.use(secretBox),
      events,
    });
    const db = database.forTenant(MASTER_TENANT_ID);
    await put("web_search", { enabled: false, settings: { exa_api_key: "exa-planted-1" } });
    const first = await source.load(db);
    expect([first.disabled.has("web_search"), first.of("web_search").secrets.exa_api_key?.reveal()]).toEqual([
      true,
      "exa-planted-1",
    ]);
    expect(first.of("web_search").values).toEqual({});

    await put("web_search", { enabled: true, settings: { exa_api_key: null } });
    expect(await source.load(db)).toBe(first);
    const payload = { enabled: true, changed: [] };
    events.publish(toolUpdated, { tenantId: MASTER_TENANT_ID, entityId: "web_search", payload });
    await Promise.resolve();
    const second = await source.load(db);
    expect([second.disabled.has("web_search"), second.of("web_search").secrets]).toEqual([false, {}]);
  });

  test("keep the fields of every concurrent change", async () => {
    await Promise.all([
      put("web_fetch", { settings: { blocked_domains: ["a.example"] } }, other),
      put("web_fetch", { settings: { policy: "allowlist" } }, other),
      put("web_fetch", { settings: { allowed_domains: ["b.example"] } }, other),
    ]);
    expect((await get("web_fetch", other)).body.settings).toEqual({
      blocked_domains: ["a.example"],
      policy: "allowlist",
      allowed_domains: ["b.example"],
    });
  });
});
