import { afterAll, describe, expect, test } from "bun:test";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { crc32, deflateRawSync } from "node:zlib";
import type { ArchiveFault } from "#features/skills/archive/archive-fault.ts";
import { aSkillZip, skillText, toUpload } from "#testing/skills/skill-archive.ts";
import { buildZip, type ZipEntry, type ZipOptions } from "#testing/skills/zip-builder.ts";
import { testDialects } from "#testing/test-database.ts";
import { startTestGateway } from "#testing/test-gateway.ts";

const SKILL: ZipEntry = { name: "SKILL.md", content: skillText({ name: "unsafe" }) };
const MIB = 1_048_576;

/** An archive with SKILL.md and these entries. */
const zip = (entries: readonly ZipEntry[], options: ZipOptions = {}) => buildZip([SKILL, ...entries], options);
const named = (name: string | Uint8Array, more: Partial<ZipEntry> = {}) => zip([{ name, content: "x", ...more }]);

/** Changes bytes of an archive, counted from its end. */
function patched(archive: Uint8Array<ArrayBuffer>, fromEnd: number, bytes: readonly number[]) {
  archive.set(bytes, archive.length - fromEnd);
  return archive;
}

/** An extra field of an entry. */
const extra = (id: number, data: Uint8Array) =>
  new Uint8Array([id & 0xff, id >> 8, data.length & 0xff, data.length >> 8, ...data]);

/** An extra field with a name in UTF-8, for a name of these bytes. */
const unicodePath = (bytes: Uint8Array, name: string) => {
  const sum = new DataView(new ArrayBuffer(4));
  sum.setUint32(0, crc32(bytes), true);
  return extra(0x7075, new Uint8Array([1, ...new Uint8Array(sum.buffer), ...Buffer.from(name)]));
};

/** The bytes of an entry with its own header, without the directory. */
const localOf = (entry: ZipEntry) => buildZip([entry]).slice(0, -(46 + String(entry.name).length + 22));

/** An archive whose second entry lies inside the data of its first one. */
function nested() {
  const inner = { name: "b", content: "x", method: 0 };
  const offset = localOf(SKILL).length + 30 + 1;
  return zip([
    { name: "a", content: localOf(inner), method: 0 },
    { ...inner, stated: { offset } },
  ]);
}

const LATIN1 = new Uint8Array([0x63, 0x61, 0x66, 0xe9]);
const zeros = deflateRawSync(new Uint8Array(20 * MIB));

const ARCHIVES: readonly (readonly [what: string, fault: ArchiveFault, archive: () => Uint8Array<ArrayBuffer>])[] = [
  ["no archive", "not_a_zip", () => new TextEncoder().encode("hello, this is no archive at all")],
  ["an empty file", "not_a_zip", () => new Uint8Array()],
  ["an archive of another kind", "not_a_zip", () => new Uint8Array([0x1f, 0x8b, 8, 0, ...new Array(40).fill(0)])],
  ["a torn archive", "not_a_zip", () => zip([]).slice(0, 60)],
  ["an empty archive", "no_skill_file", () => buildZip([])],
  ["no SKILL.md", "no_skill_file", () => buildZip([{ name: "README.md", content: "x" }])],
  ["SKILL.md two folders deep", "no_skill_file", () => buildZip([{ ...SKILL, name: "a/b/SKILL.md" }])],
  [
    "a file beside the folder",
    "no_skill_file",
    () =>
      buildZip([
        { ...SKILL, name: "a/SKILL.md" },
        { name: "b.md", content: "x" },
      ]),
  ],
  [
    "two skills",
    "several_skill_files",
    () =>
      buildZip([
        { ...SKILL, name: "a/SKILL.md" },
        { ...SKILL, name: "b/SKILL.md" },
      ]),
  ],
  ["an empty SKILL.md", "empty_skill_file", () => buildZip([{ name: "SKILL.md" }])],
  ["a SKILL.md of blanks", "empty_skill_file", () => buildZip([{ name: "SKILL.md", content: " \n\n" }])],
  ["a SKILL.md above 100 KiB", "skill_file_too_large", () => aSkillZip({ name: "a", body: "x".repeat(102_400) })],
  [
    "a SKILL.md in UTF-16",
    "skill_file_encoding",
    () => buildZip([{ name: "SKILL.md", content: Buffer.from("\ufeffname: a", "utf16le") }]),
  ],
  ["a path upwards", "traversal", () => named("../evil")],
  ["a path upwards inside", "traversal", () => named("a/../../evil")],
  ["a path upwards at the end", "traversal", () => named("a/..")],
  ["a dot as folder", "traversal", () => named("./evil")],
  ["an absolute path", "absolute_path", () => named("/etc/passwd")],
  ["a network path", "absolute_path", () => named("//server/share")],
  ["a path with a drive", "drive_path", () => named("C:/x")],
  ["a drive without a slash", "drive_path", () => named("C:x")],
  ["a stream of a file", "drive_path", () => named("a.md:hidden")],
  ["a backslash", "backslash", () => named("scripts\\run.sh")],
  ["a path upwards with backslashes", "backslash", () => named("..\\..\\evil")],
  ["an empty part", "bad_name", () => named("a//b")],
  ["a NUL", "bad_name", () => named("a\0.md")],
  ["a line break", "bad_name", () => named("a\nb.md")],
  ["a change of direction", "bad_name", () => named("a\u202egnp.exe")],
  ["a dot at the end", "bad_name", () => named("SKILL.md.")],
  ["a blank at the end of a folder", "bad_name", () => named("a /b")],
  ["a name of 300 bytes", "name_too_long", () => named("x".repeat(300))],
  ["a thousand folders", "too_deep", () => named(`${"a/".repeat(1_000)}x`)],
  ["a name in Latin-1", "bad_encoding", () => named(LATIN1)],
  ["broken UTF-8", "bad_encoding", () => named(new Uint8Array([0x61, 0xff]), { flags: 0x800 })],
  [
    "two readings of a name",
    "bad_encoding",
    () => named("a.md", { extra: unicodePath(Buffer.from("a.md"), "../b.md") }),
  ],
  [
    "a second name for another one",
    "bad_encoding",
    () => named(LATIN1, { extra: unicodePath(Buffer.from("x"), "café") }),
  ],
  [
    "a name twice",
    "duplicate_name",
    () =>
      zip([
        { name: "a", content: "1" },
        { name: "a", content: "2" },
      ]),
  ],
  ["SKILL.md twice", "duplicate_name", () => zip([SKILL])],
  [
    "a file that is a folder too",
    "duplicate_name",
    () =>
      zip([
        { name: "a", content: "1" },
        { name: "a/b", content: "2" },
      ]),
  ],
  ["names that differ in case", "case_collision", () => zip([{ name: "skill.MD", content: "x" }])],
  [
    "folders that differ in case",
    "case_collision",
    () =>
      zip([
        { name: "A/x", content: "1" },
        { name: "a/y", content: "2" },
      ]),
  ],
  [
    "names that differ in their normal form",
    "case_collision",
    () =>
      zip([
        { name: "caf\u00e9", content: "1" },
        { name: "cafe\u0301", content: "2" },
      ]),
  ],
  [
    "names that fold to one",
    "case_collision",
    () =>
      zip([
        { name: "stra\u00dfe", content: "1" },
        { name: "STRASSE", content: "2" },
      ]),
  ],
  ["a symbolic link", "link", () => named("a", { content: "/etc/passwd", mode: 0o120777 })],
  ["a link of Windows", "link", () => named("a", { attributes: 0x400 })],
  ["a hard link", "link", () => named("a", { extra: extra(0x000d, Buffer.from(`${"\0".repeat(12)}target`)) })],
  ["a device", "device", () => named("a", { mode: 0o020666 })],
  ["a named pipe", "device", () => named("a", { mode: 0o010644 })],
  ["a socket", "device", () => named("a", { mode: 0o140755 })],
  ["a folder with a file's name", "device", () => named("a", { mode: 0o040755 })],
  ["a folder with content", "damaged", () => named("a/", { content: "hidden", method: 0, mode: 0o040755 })],
  ["an encrypted entry", "encrypted", () => named("a", { flags: 0x1 })],
  ["strong encryption", "encrypted", () => named("a", { flags: 0x41 })],
  ["masked headers", "encrypted", () => named("a", { flags: 0x2000 })],
  ["another compression", "unsupported_method", () => named("a", { method: 12 })],
  ["the compression of another program", "unsupported_method", () => named("a", { method: 9 })],
  ["another name in its own header", "header_mismatch", () => named("good", { local: { name: "evil" } })],
  ["another method in its own header", "header_mismatch", () => named("a", { local: { method: 0 } })],
  ["another size in its own header", "header_mismatch", () => named("a", { local: { size: 9 } })],
  ["another flag in its own header", "header_mismatch", () => named("a", { flags: 0, local: { flags: 8 } })],
  ["a descriptor that is not there", "header_mismatch", () => named("a", { flags: 8, local: { flags: 8 } })],
  ["bytes before the archive", "foreign_data", () => zip([], { before: Buffer.from("#!/bin/sh\n") })],
  ["bytes before the directory", "foreign_data", () => zip([], { between: Buffer.from("hidden") })],
  ["bytes after the archive", "foreign_data", () => zip([], { after: Buffer.from("hidden") })],
  ["two archives in a row", "foreign_data", () => new Uint8Array(Buffer.concat([zip([]), zip([])]))],
  ["an archive in the comment", "foreign_data", () => zip([], { comment: Buffer.from(zip([])).toString("latin1") })],
  ["an entry inside the data of another", "overlap", () => nested()],
  ["an entry inside another", "header_mismatch", () => zip([{ name: "a", content: "x", stated: { offset: 4 } }])],
  ["more entries stated than there are", "damaged", () => zip([], { entryCount: 9 })],
  ["fewer entries stated than there are", "foreign_data", () => zip([{ name: "a", content: "x" }], { entryCount: 1 })],
  ["sizes that point to ZIP64", "zip64", () => named("a", { stated: { size: 0xffff_ffff } })],
  ["a ZIP64 field that lies", "zip64", () => named("a", { extra: extra(1, new Uint8Array(16)) })],
  ["an offset that points to ZIP64", "damaged", () => patched(zip([]), 6, [0xff, 0xff, 0xff, 0xff])],
  ["a size that is too small", "wrong_size", () => named("a", { content: "four", stated: { size: 2 } })],
  ["a size that is too large", "wrong_size", () => named("a", { content: "four", stated: { size: 9 } })],
  ["stored data of another size", "wrong_size", () => named("a", { method: 0, content: "four", stated: { size: 9 } })],
  ["a wrong checksum", "wrong_checksum", () => named("a", { content: "four", stated: { crc: 1 } })],
  ["broken compressed data", "damaged", () => named("a", { content: "four", data: Buffer.from("nonsense") })],
  ["data beyond the archive", "damaged", () => named("a", { stated: { compressed: 1_000_000 } })],
  ["a directory beyond the archive", "damaged", () => patched(zip([]), 6, [0, 0, 0, 0x7f])],
  ["a bomb of zeros", "ratio", () => named("a", { content: new Uint8Array(20 * MIB) })],
  [
    "a bomb that lies about its size",
    "wrong_size",
    () => named("a", { content: "x", data: zeros, stated: { size: 500_000 } }),
  ],
  [
    "many bombs",
    "too_large",
    () =>
      zip(
        Array.from({ length: 120 }, (_, n) => ({
          name: `${n}`,
          method: 8,
          data: new Uint8Array(9_000),
          stated: { size: MIB },
        })),
      ),
  ],
  ["a size of four gigabytes", "too_large", () => named("a", { stated: { size: 0xffff_fff0 } })],
  ["too many entries", "too_many_entries", () => zip(Array.from({ length: 2_001 }, (_, n) => ({ name: `${n}` })))],
  ["sixty-five thousand entries", "too_many_entries", () => zip([], { entryCount: 65_534 })],
];

describe.each([...testDialects()])("an unsafe archive on %s", async (dialect) => {
  const { call, home, stop } = await startTestGateway({ dialect });
  afterAll(stop);

  test.each([...ARCHIVES])("%s is refused as %s", async (_, fault, archive) => {
    const { status, body } = await call("POST", "/v1/skills/upload", toUpload(archive()));
    expect([status, body.error.code, body.error.details.reason]).toEqual([400, "INVALID_REQUEST", fault]);
    expect(body.error.message).not.toContain("{");
  });

  test("leaves no file and no skill behind", async () => {
    expect((await call("GET", "/v1/skills")).body.skills.map((skill: { slug: string }) => skill.slug)).not.toContain(
      "unsafe",
    );
    const files = readdirSync(join(home, "skills"), { recursive: true, withFileTypes: true });
    expect(files.filter((entry) => entry.isFile())).toEqual([]);
    expect(readdirSync(join(home, "media"), { recursive: true })).toEqual([]);
  });

  test("is explained in the caller's language", async () => {
    const headers = { "Accept-Language": "vi" };
    const { body } = await call("POST", "/v1/skills/upload", toUpload(named("../evil")), { headers });
    expect(body.error.message).toStartWith("một tên trong tệp nén đi ra ngoài thư mục");
  });

  test("costs little memory, however large it would become", async () => {
    const before = process.memoryUsage.rss();
    const bomb = named("a", { data: zeros, stated: { size: 99 * MIB } });
    for (let round = 0; round < 10; round++) await call("POST", "/v1/skills/upload", toUpload(bomb));
    expect((process.memoryUsage.rss() - before) / MIB).toBeLessThan(64);
  });
});
