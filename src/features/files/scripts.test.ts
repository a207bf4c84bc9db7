import { afterAll, describe, expect, test } from "bun:test";
import { writeWorkspace } from "#features/files/files-fixture.ts";
import { startTestGateway } from "#testing/test-gateway.ts";

const SCRIPT = "<script>alert(1)</script>";
const PNG = "\x89PNG\r\n\x1a\n";

/** Files in which a browser could run something, by their names. */
const ACTIVE: Readonly<Record<string, string>> = {
  "page.html": SCRIPT,
  "page.HTM": SCRIPT,
  "page.xhtml": SCRIPT,
  "page.xht": SCRIPT,
  "image.svg": `<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)">${SCRIPT}</svg>`,
  "image.SvGz": SCRIPT,
  "feed.xml": `<?xml-stylesheet href="javascript:alert(1)"?>${SCRIPT}`,
  "style.xsl": SCRIPT,
  "mail.mhtml": SCRIPT,
  "code.js": "alert(1)",
  "code.mjs": "alert(1)",
  "style.css": "body{}",
  "code.wasm": "\0asm",
  "paper.pdf": "%PDF-1.7 /OpenAction << /S /JavaScript >>",
  "no-extension": SCRIPT,
  "page.html.": SCRIPT,
  "page.html ": SCRIPT,
  "page.shtml": SCRIPT,
  "app.hta": SCRIPT,
  "movie.swf": "CWS",
  ".html": SCRIPT,
};
/** Files that a browser shows. Their bytes are a page as well. */
const POLYGLOT: Readonly<Record<string, string>> = {
  "poly.gif": `GIF89a/*${SCRIPT}*/=1;`,
  "poly.png": `${PNG}${SCRIPT}`,
  "poly.jpg": SCRIPT,
  "poly.txt": SCRIPT,
  "poly.json": JSON.stringify(SCRIPT),
  "poly.md": SCRIPT,
};

describe("files in which a browser could run something", async () => {
  const gateway = await startTestGateway();
  const { call } = gateway;
  afterAll(gateway.stop);
  writeWorkspace(gateway, { ...ACTIVE, ...POLYGLOT });
  const open = (name: string, query = "") => call("GET", `/v1/files/${encodeURIComponent(name)}${query}`);

  test.each(Object.keys(ACTIVE))("%p is never shown, whatever the client asks for", async (name) => {
    const queries = ["", "?download=false", "?content_type=text/html", "?response-content-type=text/html&inline=1"];
    for (const query of queries) {
      const { status, headers } = await open(name, query);
      expect(status).toBe(200);
      expect(headers.get("content-disposition")).toStartWith("attachment; ");
      expect(["application/octet-stream", "application/pdf"]).toContain(headers.get("content-type") ?? "");
    }
  });

  test.each(Object.keys(POLYGLOT))("%p has the type of its name, which no browser reads as a page", async (name) => {
    const { headers } = await open(name);
    expect(headers.get("content-type")).not.toContain("html");
    expect(headers.get("content-type")).toMatch(/^(image|text|application)\/(gif|png|jpeg|plain|json|markdown)/);
  });

  test.each([...Object.keys(ACTIVE), ...Object.keys(POLYGLOT)])(
    "%p is sent with everything forbidden",
    async (name) => {
      const raw = await call("GET", `/v1/storage/files/${encodeURIComponent(name)}?raw=true`);
      for (const { headers } of [await open(name), raw]) {
        expect(headers.get("x-content-type-options")).toBe("nosniff");
        expect(headers.get("content-security-policy")).toStartWith("sandbox; default-src 'none'");
        expect(headers.get("content-security-policy")).not.toContain("allow");
      }
    },
  );

  test("a name cannot add headers or end its quotation", async () => {
    const name = 'a".html"; x="é.bin';
    writeWorkspace(gateway, { [name]: "x" });
    const { headers } = await call("GET", `/v1/files/${encodeURIComponent(name)}`);
    expect(headers.get("content-disposition")).toBe(
      `attachment; filename="a_.html__ x___.bin"; filename*=UTF-8''${encodeURIComponent(name)}`,
    );
  });
});
