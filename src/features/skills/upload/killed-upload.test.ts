import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { createServerSite, type ServerSite, startReadyServer } from "#testing/server-process.ts";
import { aSkillZip, toUpload } from "#testing/skills/skill-archive.ts";
import { testDialects } from "#testing/test-database.ts";

const TIMEOUT = 120_000;
const ROUNDS = 3;
const UPLOADS = 6;

describe.each([...testDialects()])("a gateway that is killed during uploads on %s", (dialect) => {
  let site: ServerSite;
  beforeAll(async () => {
    site = await createServerSite(dialect);
  });
  afterAll(() => site.remove());
  const request = (path: string, init: RequestInit = {}) =>
    fetch(`${site.url}/v1/skills/${path}`, {
      ...init,
      headers: { Authorization: `Bearer ${site.token()}` },
      keepalive: false,
    });

  test(
    "has whole versions after its next start, and nothing else",
    async () => {
      const sent = new Set<string>();
      const acknowledged = new Map<number, string>();
      const upload = async (text: string) => {
        sent.add(text);
        const files = { "a.txt": text, "b/c.txt": text.repeat(10_000) };
        const body = toUpload(aSkillZip({ name: "survivor" }, files));
        const answer = await request("upload", { method: "POST", body });
        acknowledged.set(((await answer.json()) as { version: number }).version, text);
      };
      for (let round = 0; round < ROUNDS; round++) {
        const server = await startReadyServer(site);
        await upload(`first of round ${round}`);
        const uploads = Array.from({ length: UPLOADS }, (_, n) => upload(`upload ${n} of round ${round}`));
        await Promise.race(uploads);
        server.signal("SIGKILL");
        await server.exited;
        await Promise.allSettled(uploads);
      }
      const server = await startReadyServer(site);
      const { versions } = (await (await request("survivor/versions")).json()) as { versions: number[] };
      expect(versions).toEqual(versions.map((_, index) => index + 1));
      for (const version of versions) {
        const read = async (path: string) =>
          ((await (await request(`survivor/files/${path}?version=${version}`)).json()) as { content: string }).content;
        const text = await read("a.txt");
        expect(sent).toContain(acknowledged.get(version) ?? text);
        expect(text).toBe(acknowledged.get(version) ?? text);
        expect(await read("b/c.txt")).toBe(text.repeat(10_000));
      }
      expect(versions.length).toBeGreaterThanOrEqual(acknowledged.size);
      await request("upload", { method: "POST", body: toUpload(aSkillZip({ name: "last" })) });
      const owners = readdirSync(join(site.home, "skills"));
      const left = owners.flatMap((owner) => {
        const names = readdirSync(join(site.home, "skills", owner));
        return names.includes(".incoming") ? readdirSync(join(site.home, "skills", owner, ".incoming")) : [];
      });
      expect(left).toEqual([]);
      server.signal("SIGKILL");
      await server.exited;
    },
    TIMEOUT,
  );
});
