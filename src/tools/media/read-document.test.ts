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

  test("says that a PDF is a scan, and what can be done", async () => {
    for (const pages of [[SCAN], [SCAN, "", SCAN]]) {
      const text = await read(put("scan.pdf", aPdf(...pages)));
      expect(text).toContain("The document cannot be read: none of its pages has text");
      expect(text).toMatch(/read_image[\s\S]*provider takes PDFs/);
    }
  });

  test("reads the pages of a PDF that have text, and names the others", async () => {
    const text = await read(put("mixed.pdf", aPdf(words("the contract"), SCAN, words("signed"), SCAN)));
    expect(text).toContain("## Page 1 of 4\n\nthe contract");
    expect(text).toContain("## Page 3 of 4\n\nsigned");
    expect(text.indexOf("[Pages without text: 2, 4. They may be scans.")).toBeLessThan(text.indexOf("## Page 1"));
    const many = await read(put("many.pdf", aPdf(words("cover"), ...Array.from({ length: 30 }, () => SCAN))));
    expect(many).toContain("20, 21 and 10 others");
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
        /none of its pages has text|cannot be read/,
      );
      expect(await read({ path: "tea.xlsx" })).toContain("Trà sen");
    },
    TIMEOUT,
  );
});

function aDocument(name: string, content: string | Uint8Array): Buffer {
  return Buffer.from(buildZip([{ name, content }]));
}

/** A page that a scanner made: a picture in place of text. */
const SCAN = "q 99 0 0 99 0 0 cm BI /W 1 /H 1 /CS /G /BPC 8 /F /AHx ID 7f> EI Q";
const words = (text: string) => `BT /F 9 Tf 9 9 Td (${text}) Tj ET`;

/** A PDF whose pages are drawn by the compressed contents. */
function aPdf(...contents: readonly (string | Uint8Array)[]): Buffer {
  const kids = contents.map((_, index) => `${4 + 2 * index} 0 R`).join(" ");
  const parts = [
    Buffer.from("%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"),
    Buffer.from(`2 0 obj<</Type/Pages/Kids[${kids}]/Count ${contents.length}>>endobj\n`),
    Buffer.from("3 0 obj<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>endobj\n"),
  ];
  for (const [index, content] of contents.entries()) {
    const [page, drawing] = [4 + 2 * index, 5 + 2 * index];
    const stream = deflateSync(content);
    const facts = `/Parent 2 0 R/MediaBox[0 0 99 99]/Resources<</Font<</F 3 0 R>>>>/Contents ${drawing} 0 R`;
    parts.push(
      Buffer.from(`${page} 0 obj<</Type/Page${facts}>>endobj\n`),
      Buffer.from(`${drawing} 0 obj<</Length ${stream.length}/Filter/FlateDecode>>stream\n`),
      stream,
      Buffer.from("\nendstream endobj\n"),
    );
  }
  return Buffer.concat([...parts, Buffer.from("trailer<</Root 1 0 R>>\n%%EOF")]);
}
