import { afterAll, describe, expect, test } from "bun:test";
import { aSkillZip, toUpload } from "#testing/skill-archive.ts";
import { testDialects } from "#testing/test-database.ts";
import { startTestGateway } from "#testing/test-gateway.ts";

describe.each([...testDialects()])("skills on %s", async (dialect) => {
  const { call, stop } = await startTestGateway({ dialect });
  afterAll(stop);
  const upload = (...given: Parameters<typeof toUpload>) => call("POST", "/v1/skills/upload", toUpload(...given));
  const statusOf = async (method: string, path: string, body?: unknown, options = {}) =>
    (await call(method, path, body, options)).status;

  test("an upload is stored, the same files change nothing, and a changed script is a new version", async () => {
    const text = { name: "weather-helper", description: "Tells the weather", more: "author: Alice\nlicense: MIT\n" };
    const first = await upload(aSkillZip(text, { "scripts/run.sh": "echo 1" }));
    expect(first.status).toBe(201);
    expect(first.body).toEqual({
      id: expect.any(String),
      slug: "weather-helper",
      version: 1,
      name: "weather-helper",
      status: "active",
      is_new: true,
    });
    const again = await upload(aSkillZip(text, { "scripts/run.sh": "echo 1" }));
    expect([again.status, again.body.status, again.body.version]).toEqual([200, "unchanged", 1]);
    const second = await upload(aSkillZip(text, { "scripts/run.sh": "echo 2" }));
    expect([second.status, second.body.version, second.body.is_new]).toEqual([201, 2, false]);
    const { id } = first.body;
    expect((await call("GET", `/v1/skills/${id}/versions`)).body).toEqual({ versions: [1, 2], current: 2 });
    for (const [version, content] of [
      [1, "echo 1"],
      [2, "echo 2"],
    ]) {
      const file = await call("GET", `/v1/skills/${id}/files/scripts/run.sh?version=${version}`);
      expect(file.body).toEqual({ content, path: "scripts/run.sh", size: 6, encoding: "utf-8" });
    }
    for (const reference of [id, "weather-helper"]) {
      expect((await call("GET", `/v1/skills/${reference}`)).body).toMatchObject({
        id,
        description: "Tells the weather",
        author: "Alice",
        license: "MIT",
        visibility: "internal",
        version: 2,
        source: "managed",
        enabled: true,
        status: "active",
      });
    }
  });
});
