import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { copyFileSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { deflateSync } from "node:zlib";
import { MASTER_TENANT_ID } from "#base/ids.ts";
import { AGENT, startToolGateway } from "#features/builtin-tools/tool-run-fixture.ts";
import { aForm } from "#testing/a-form.ts";
import { buildZip } from "#testing/skills/zip-builder.ts";
import { testDialects } from "#testing/test-database.ts";
import { TEST_USER } from "#testing/test-gateway.ts";

const FIXTURES = join(import.meta.dir, "../documents/fixtures");
const TIMEOUT = 60_000;

describe.each([...testDialects()])("read_document on %s", async (dialect) => {
  const gateway = await startToolGateway({ dialect });
  const { call, useOne, workspaceOf } = gateway;
  afterAll(() => gateway.stop());
  let workspace = "";
  beforeAll(async () => {
    workspace = workspaceOf(MASTER_TENANT_ID, await gateway.anAgent(AGENT));
    mkdirSync(workspace, { recursive: true });
    for (const name of readdirSync(FIXTURES)) copyFileSync(join(FIXTURES, name), join(workspace, name));
  });
  const read = (input: object) => useOne("read_document", input);
  const put = (name: string, content: string | Uint8Array) => {
    writeFileSync(join(workspace, name), content);
    return { path: name };
  };

  test.each([
    ["report.docx", ["# Báo cáo quý 3", "| Tháng | Doanh thu |", "- Thuê 5 người", "结论：继续增长。🦊"]],
    ["report.pdf", ["## Page 1 of 1", "Doanh thu của Công ty Trà Xanh tăng 12 %."]],
    ["tea.xlsx", ['## Sheet "tea"', "Trà sen,2026-03-04,12,45000.5", '"Trà ""đá"", lạnh",2026-03-05,7,10000', "茶,"]],
    ["plan.pptx", ["## Slide 1 of 2", "Ngân sách: 5 tỷ & 200 triệu", "Notes: Nhớ nói về rủi ro.", "第二页 🦊"]],
  ])("reads %s as an office program wrote it", async (path, texts) => {
    const text = await read({ path });
    for (const expected of texts) expect(text).toContain(expected);
    expect(text).toContain("EXTERNAL_UNTRUSTED_CONTENT");
  });

  test("reads pages, tables and texts in any encoding", async () => {
    expect(await read(put("a.html", "<h1>Trà</h1><script>alert(1)</script><p>xanh"))).toMatch(/# Trà\s+xanh/);
    expect(await read(put("a.csv", "\uFEFFtên,giá\nsen,1\n"))).toContain("tên,giá\nsen,1");
    expect(await read(put("wide.txt", Buffer.from("\uFEFFngày mai", "utf16le")))).toContain("ngày mai");
    expect(await read(put("pdf.docx", readFileSync(join(FIXTURES, "report.pdf"))))).toContain("## Page 1 of 1");
  });

  test("goes on where the last part ended", async () => {
    const lines = Array.from({ length: 20_000 }, (_, index) => `line ${index + 1}`);
    put("long.txt", lines.join("\n"));
    const first = await read({ path: "long.txt" });
    const next = Number(/go on with offset (\d+)/.exec(first)?.[1]);
    expect(first).toContain(`line ${next - 1}\n`);
    expect(await read({ path: "long.txt", offset: next, limit: 1 })).toContain(`line ${next}\n`);
  });

  test("reads an upload of the user by its id, and of nobody else", async () => {
    const content = readFileSync(join(FIXTURES, "report.docx"));
    const upload = async (user: string) =>
      (await call("POST", "/v1/media/upload", aForm("Báo cáo 🦊.docx", content), { user })).body.id;
    const own = await upload(TEST_USER);
    for (const media_id of [own, `media/${own}`, `/v1/media/${own}`]) {
      expect(await read({ media_id })).toContain("Báo cáo quý 3");
    }
    const other = await upload("somebody-else");
    expect(await read({ media_id: other })).toContain("There is no file with the media_id");
    expect(await read({ media_id: "f".repeat(64) })).toContain("There is no file with the media_id");
    expect(await read({})).toContain("give path or media_id");
  });

  test.each([
    ["a picture", "89504e470d0a1a0a0000000d", "its type is none"],
    ["an old Office file", "d0cf11e0a1b11ae1", "before 2007"],
    ["a PDF without anything", Buffer.from("%PDF-1.7\n").toString("hex"), "damaged"],
    ["an archive of other files", Buffer.from(buildZip([{ name: "a", content: "b" }])).toString("hex"), "no Word"],
    ["half an archive", readFileSync(join(FIXTURES, "tea.xlsx")).subarray(0, 2_000).toString("hex"), "damaged"],
    ["a Word document without text", aDocument("word/document.xml", "<w:document>").toString("hex"), "damaged"],
    ["an Excel workbook that is none", aDocument("xl/workbook.xml", "<x").toString("hex"), "damaged"],
    ["slides that are none", aDocument("ppt/presentation.xml", "<p:presentation>").toString("hex"), "damaged"],
  ])("says what is wrong with %s", async (_, hex, reason) => {
    const text = await read(put("broken", Buffer.from(hex, "hex")));
    expect(text).toContain("The document cannot be read:");
    expect(text).toContain(reason);
  });

  test(
    "ends within its limits for documents that grow",
    async () => {
      const zeros = new Uint8Array(300 * 1_024 ** 2);
      const bomb = aDocument("word/document.xml", zeros);
      expect(bomb.length).toBeLessThan(1_000_000);
      expect(await read(put("bomb.docx", bomb))).toContain("too large when it is unpacked");
      const entities = `<!DOCTYPE p [<!ENTITY a "${"x".repeat(1_000)}">${"bcdefgh".replaceAll(/./g, (name) => `<!ENTITY ${name} "${`&${String.fromCharCode(name.charCodeAt(0) - 1)};`.repeat(100)}">`)}]><p>&h;</p>`;
      expect(await read(put("laughs.pptx", aDocument("ppt/presentation.xml", entities)))).toContain("cannot be read");
      expect(await read(put("bomb.pdf", aPdf(new Uint8Array(300 * 1_024 ** 2).fill(32))))).toMatch(
        /no text on this page|cannot be read/,
      );
      expect(await read({ path: "tea.xlsx" })).toContain("Trà sen");
    },
    TIMEOUT,
  );
});

function aDocument(name: string, content: string | Uint8Array): Buffer {
  return Buffer.from(buildZip([{ name, content }]));
}

/** A PDF whose only page is drawn by the compressed content. */
function aPdf(content: Uint8Array): Buffer {
  const stream = deflateSync(content);
  const head = [
    "%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj",
    "2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj",
    "3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 99 99]/Contents 4 0 R>>endobj",
    `4 0 obj<</Length ${stream.length}/Filter/FlateDecode>>stream\n`,
  ].join("\n");
  return Buffer.concat([Buffer.from(head), stream, Buffer.from("\nendstream endobj\ntrailer<</Root 1 0 R>>\n%%EOF")]);
}
