import { afterAll, describe, expect, test } from "bun:test";
import { MASTER_TENANT_ID } from "#base/ids.ts";
import { eventBus } from "#core/events/events.ts";
import type { TenantDatabase } from "#db/database.ts";
import { skillFolders } from "#features/skills/folders/skill-folders.ts";
import { SkillLibrary } from "#features/skills/library/skill-library.ts";
import { aSkillZip, toUpload } from "#testing/skills/skill-archive.ts";
import { testDialects } from "#testing/test-database.ts";
import { startTestGateway } from "#testing/test-gateway.ts";

describe.each([...testDialects()])("the library of skills on %s", async (dialect) => {
  const { call, gateway, stop } = await startTestGateway({ dialect });
  afterAll(stop);
  const tenant = gateway.database.forTenant(MASTER_TENANT_ID);
  const library = new SkillLibrary(gateway.services.use(skillFolders), gateway.services.use(eventBus));
  let reads = 0;
  /** The tenant's database, which counts how often somebody reads it. */
  const db = {
    tenantId: tenant.tenantId,
    get read() {
      reads++;
      return tenant.read;
    },
  } as TenantDatabase;
  const user = { agentId: "a", userId: "ada" };
  const readsOf = async (work: () => Promise<unknown>) => {
    reads = 0;
    await work();
    return reads;
  };

  test("reads nothing as long as nothing changes, and again after a change", async () => {
    await call("POST", "/v1/skills/upload", toUpload(aSkillZip({ name: "known" })));
    await call("PUT", "/v1/skills/known", { visibility: "public" });
    const use = async () => {
      const skill = (await library.load(db, user)).find("known");
      if (skill) await library.open(db, skill);
      return skill;
    };
    expect(await readsOf(use)).toBeGreaterThan(0);
    for (let round = 0; round < 3; round++) expect(await readsOf(use)).toBe(0);
    await call("POST", "/v1/skills/known/toggle", { enabled: false });
    await Bun.sleep(0);
    expect(await readsOf(use)).toBeGreaterThan(0);
    expect(await use()).toBeUndefined();
  });
});
