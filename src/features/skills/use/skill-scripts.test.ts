import { afterAll, describe, expect, test } from "bun:test";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { AGENT, startToolGateway } from "#features/builtin-tools/tool-run-fixture.ts";
import { aKey, aTenant } from "#features/tenants/tenant-fixture.ts";
import { createProcessSite } from "#testing/processes/process-fixture.ts";
import { aSkillZip, toUpload } from "#testing/skills/skill-archive.ts";
import { testDialects } from "#testing/test-database.ts";
import type { CallOptions } from "#testing/test-gateway.ts";

const probe = await createProcessSite();
probe.remove();

describe.each([...testDialects()])("the scripts of skills on %s", async (dialect) => {
  const parent = mkdtempSync(join(tmpdir(), "goclaw-skills-"));
  // The name of a usual home, which commands may not name otherwise.
  const env = { GOCLAW_HOME: join(parent, ".goclaw"), GOCLAW_TOOLS_EXEC: "master" };
  const gateway = await startToolGateway({ dialect, env });
  const { call, useOne } = gateway;
  afterAll(async () => {
    await gateway.stop();
    rmSync(parent, { recursive: true });
  });
  await gateway.anAgent(AGENT);
  /** Uploads a public skill. Returns its folder. */
  async function aSkill(name: string, caller: CallOptions = {}): Promise<string> {
    const archive = aSkillZip({ name }, { "scripts/a.sh": 'echo "script of $1"\n', "data.txt": "data\n" });
    await call("POST", "/v1/skills/upload", toUpload(archive), caller);
    await call("PUT", `/v1/skills/${name}`, { visibility: "public" }, caller);
    return (await call("GET", `/v1/skills/${name}`, undefined, caller)).body.baseDir;
  }
  const exec = (command: string, caller: CallOptions = {}) => useOne("exec", { command }, { caller });

  test("run where the gateway's own files are out of bounds", async () => {
    const folder = await aSkill("scripted");
    expect(await exec(`sh ${folder}/scripts/a.sh Huế; cat ${folder}/data.txt`)).toBe("script of Huế\ndata");
    const refused = "This command is refused: it names files of the gateway itself.";
    expect(await exec(`cat ${folder}/../../../../config.json`)).toBe(refused);
    expect(await exec(`ls ${env.GOCLAW_HOME}`)).toBe(refused);
    expect(await exec(`cat ${folder}/data.txt ${env.GOCLAW_HOME}/goclaw.db`)).toBe(refused);
  });

  test.skipIf(!probe.isSandboxed)(
    "can be read in the sandbox, but not written, and no other skill is there",
    async () => {
      const [folder, other] = [await aSkill("boxed"), await aSkill("elsewhere")];
      const attempt = `echo evil > ${folder}/data.txt || echo refused; cat ${folder}/data.txt; ls $(dirname $(dirname ${folder}))`;
      const text = await exec(attempt);
      expect(text).toContain("refused\ndata");
      expect(text).not.toContain("elsewhere");
      expect(await exec(`cat ${other}/data.txt`)).toBe("data");
    },
  );

  test("of another tenant cannot be reached by their path", async () => {
    await aTenant(gateway, "other");
    const other = await aKey(gateway, ["admin"], { tenant: "other" });
    const foreign = await aSkill("foreign", other);
    expect(await exec(`cat ${foreign}/data.txt`)).toBe(
      "This command is refused: it names files of the gateway itself.",
    );
  });
});
