import { afterAll, describe, expect, test } from "bun:test";
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, truncateSync } from "node:fs";
import { join } from "node:path";
import { MASTER_TENANT_ID } from "#base/ids.ts";
import { BUNDLED_SKILLS } from "#features/skills/bundled/bundled-skills.ts";
import { SkillFolders } from "#features/skills/folders/skill-folders.ts";
import { toStoredVersion } from "#features/skills/repository.ts";
import { blobStore } from "#runtime/transcript/index.ts";
import { aSkillZip, toUpload } from "#testing/skills/skill-archive.ts";
import { buildZip } from "#testing/skills/zip-builder.ts";
import { testDialects } from "#testing/test-database.ts";
import { startTestGateway } from "#testing/test-gateway.ts";

describe.each([...testDialects()])("the folders of skills on %s", async (dialect) => {
  const { call, home, gateway, stop } = await startTestGateway({ dialect });
  afterAll(stop);
  const db = gateway.database.forTenant(MASTER_TENANT_ID);
  let roots = 0;
  /** The folders of another node, which has none yet. */
  const newNode = () => new SkillFolders(join(home, `node-${++roots}`), gateway.services.use(blobStore));
  const versionOf = async (slug: string) => {
    const { id } = (await call("GET", `/v1/skills/${slug}`)).body;
    const rows = db.read.selectFrom("skill_versions").selectAll().where("skill_id", "=", id);
    return toStoredVersion(slug, await rows.executeTakeFirstOrThrow());
  };
  await call("POST", "/v1/skills/upload", toUpload(aSkillZip({ name: "shared" }, { "scripts/a.sh": "echo a" })));

  test("another node unpacks a version from the blob store, once for all who wait", async () => {
    const node = newNode();
    const version = await versionOf("shared");
    const opened = await Promise.all(Array.from({ length: 10 }, () => node.open(db, version)));
    expect(new Set(opened)).toEqual(new Set([node.pathOf(MASTER_TENANT_ID, version)]));
    const [folder = ""] = opened;
    expect(readFileSync(join(folder, "scripts/a.sh"), "utf8")).toBe("echo a");
    expect(readdirSync(join(node.root, MASTER_TENANT_ID, ".incoming"))).toEqual([]);
  });

  test("a file that a crash cut off is unpacked again by the next process", async () => {
    const version = await versionOf("shared");
    const script = join(home, "skills", MASTER_TENANT_ID, "shared", "1", "scripts/a.sh");
    truncateSync(script, 0);
    const next = new SkillFolders(join(home, "skills"), gateway.services.use(blobStore));
    await next.open(db, version);
    expect(readFileSync(script, "utf8")).toBe("echo a");
  });

  test("what a crash left unfinished is removed before the next process unpacks anything", async () => {
    const version = await versionOf("shared");
    const node = newNode();
    const left = join(node.root, MASTER_TENANT_ID, ".incoming", "left");
    mkdirSync(left, { recursive: true });
    await node.open(db, version);
    expect(existsSync(left)).toBe(false);
  });

  test("an archive that is not the stored one is never used, and the next call tries again", async () => {
    const node = newNode();
    const version = await versionOf("shared");
    await expect(node.open(db, { ...version, hash: "other" })).rejects.toThrow("does not hold the skill");
    expect(readdirSync(join(node.root, MASTER_TENANT_ID, ".incoming"))).toEqual([]);
    expect(await node.open(db, version)).toBe(node.pathOf(MASTER_TENANT_ID, version));
  });

  test("no file is a program, whatever its archive says", async () => {
    const content = "---\nname: modes\ndescription: x\n---\n";
    const entries = [
      { name: "SKILL.md", content },
      { name: "a.sh", content: "id", mode: 0o106777 },
    ];
    await call("POST", "/v1/skills/upload", toUpload(buildZip(entries)));
    const folder = await newNode().open(db, await versionOf("modes"));
    expect(statSync(join(folder, "a.sh")).mode & 0o7777).toBe(0o644);
  });

  test("the gateway's own skills have all the files that their texts name", async () => {
    const node = newNode();
    for (const skill of BUNDLED_SKILLS.values()) {
      const folder = await node.openBundled(skill);
      const text = readFileSync(join(folder, "SKILL.md"), "utf8");
      expect(skill.description.length).toBeGreaterThan(50);
      for (const [, path = ""] of text.matchAll(/\{baseDir\}\/([\w./-]+\w)/g)) {
        expect(readFileSync(join(folder, path), "utf8")).not.toBe("");
      }
    }
  });

  test("the script of data-summary counts what is in a file", async () => {
    const skill = BUNDLED_SKILLS.get("data-summary");
    const folder = skill && (await newNode().openBundled(skill));
    const file = join(home, "data.csv");
    await Bun.write(file, '\ufeffname;price\r\n"Nguyễn; Ada";10\r\nBob;\r\n"Bob ""B""";2.5\r\n');
    const { stdout } = Bun.spawnSync(["sh", `${folder}/scripts/summarise.sh`, file]);
    expect(stdout.toString()).toBe(
      "rows: 3\nname: filled 3, different 3\nprice: filled 2, different 2, numbers 2, least 2.5, greatest 10, mean 6.25\n",
    );
  });
});
