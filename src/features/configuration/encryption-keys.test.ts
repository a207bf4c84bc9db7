import { describe, expect, test } from "bun:test";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openSocket, refused } from "#testing/sockets/socket-client.ts";
import { testDialects } from "#testing/test-database.ts";
import { startTestGateway } from "#testing/test-gateway.ts";

const [OLD, NEW] = ["o".repeat(32), "n".repeat(32)];

describe.each([...testDialects()])("on %s", (dialect) => {
  test("the key of a stored secret can be followed by another, and cannot be dropped by mistake", async () => {
    const home = mkdtempSync(join(tmpdir(), "goclaw-keys-"));
    writeFileSync(join(home, "config.json"), JSON.stringify({ encryption: { keys: [OLD] } }));
    const gateway = await startTestGateway({ dialect, env: { GOCLAW_HOME: home } });
    const owner = await openSocket(gateway, { user: "system" });
    const patch = (encryption: object) => owner.call("config.patch", { raw: JSON.stringify({ encryption }) });
    const provider = {
      name: "sealed",
      provider_type: "openai_compat",
      api_base: "https://1.1.1.1/v1",
      api_key: "sk-1",
    };
    expect((await gateway.call("POST", "/v1/providers", provider)).status).toBe(201);

    for (const keys of [null, [NEW]]) {
      expect(await refused(patch({ keys }))).toMatchObject({
        code: "INVALID_REQUEST",
        message: expect.stringContaining("does not open 1 of the stored secrets"),
      });
    }
    expect(await patch({ keys: [NEW, OLD] })).toMatchObject({ restart_keys: ["encryption.keys"] });
    expect(await patch({ keys: null, allow_missing_keys: true })).toMatchObject({ ok: true });
    expect(JSON.stringify(owner.frames)).not.toContain(OLD);
    await owner.close();
    await gateway.stop();
    rmSync(home, { recursive: true });
  });
});
