import { describe, expect, test } from "bun:test";
import { LIMITS } from "#base/limits.ts";
import { UploadedFile } from "#core/uploads/uploaded-file.ts";
import { findBoundary, findPartName } from "#transport/http/multipart/part-headers.ts";
import { receiveForm } from "#transport/http/multipart/receive-form.ts";

const BOUNDARY = "----b0undary";

/** A form whose bytes come in pieces of a size. A piece is valid until the next one. */
async function* inPieces(text: string, size: number): AsyncGenerator<Uint8Array> {
  const bytes = Buffer.from(text, "utf8");
  for (let at = 0; at < bytes.length; at += size) {
    const piece = Uint8Array.from(bytes.subarray(at, at + size));
    yield piece;
    piece.fill(0);
  }
}

interface Received {
  readonly fields: Readonly<Record<string, unknown>>;
  readonly files: Readonly<Record<string, string>>;
}

async function receive(text: string, size = text.length): Promise<Received> {
  const files: Record<string, string> = {};
  const fields = await receiveForm(inPieces(text, size), BOUNDARY, async (name, content) => {
    const parts: Uint8Array[] = [];
    for await (const piece of content) parts.push(Uint8Array.from(piece));
    files[name] = Buffer.concat(parts).toString();
    return new UploadedFile({ name, size: 0, sha256: "", path: "" });
  });
  return { fields: fields as Received["fields"], files };
}

const part = (headers: string, content: string) => `--${BOUNDARY}\r\n${headers}\r\n\r\n${content}\r\n`;
const field = (name: string, content: string) => part(`Content-Disposition: form-data; name="${name}"`, content);
const file = (name: string, content: string) =>
  part(`Content-Disposition: form-data; name="file"; filename="${name}"\r\nContent-Type: text/plain`, content);
const END = `--${BOUNDARY}--`;

/** Content that resembles the boundary as much as it may. */
const TRICKY = `\r\n--\r\n--${BOUNDARY.slice(0, -1)}\r\n\r\n-${BOUNDARY}--${BOUNDARY}\r\r\n`;

describe("a form", () => {
  test.each([1, 2, 3, 5, 7, 16, 64, 1_000])("is read from pieces of %p bytes", async (size) => {
    const text = `preamble\r\n${field("note", "xin chào 你好")}${file("a.txt", TRICKY)}${END}\r\nepilogue`;
    const { fields, files } = await receive(text, size);
    expect(files).toEqual({ "a.txt": TRICKY });
    expect(fields.note).toBe("xin chào 你好");
    expect(fields.file).toBeInstanceOf(UploadedFile);
  });

  test("may be empty, end without a line end, and hold empty files", async () => {
    expect(await receive(END)).toEqual({ fields: {}, files: {} });
    expect((await receive(`${file("e", "")}${END}`)).files).toEqual({ e: "" });
    expect((await receive(part('content-disposition:form-data;name="a"', "1") + END)).fields).toEqual({ a: "1" });
  });

  test("keeps a field of the name __proto__ as a field", async () => {
    const { fields } = await receive(field("__proto__", "x") + END);
    expect(Object.getPrototypeOf(fields)).toBe(Object.prototype);
    expect(Object.entries(fields)).toEqual([["__proto__", "x"]]);
  });

  test.each([
    ["nothing", ""],
    ["no boundary", "hello"],
    ["another boundary", "--other\r\n\r\nx\r\n--other--"],
    ["an unfinished part", `${file("a", "x").slice(0, -2)}`],
    ["unfinished headers", `--${BOUNDARY}\r\nContent-Disposition: form-data`],
    ["a part without a name", part("Content-Disposition: form-data", "x") + END],
    ["a part without headers", `--${BOUNDARY}\r\n\r\nx\r\n${END}`],
    ["text after a boundary", `--${BOUNDARY}x\r\n\r\n${END}`],
    ["two files of one name", file("a", "1") + file("b", "2") + END],
    ["large headers", part(`X: ${"x".repeat(LIMITS.formHeaderBytes)}`, "x") + END],
    ["headers without end", `--${BOUNDARY}\r\n${"x".repeat(100_000)}`],
    ["a large field", field("a", "x".repeat(LIMITS.formFieldBytes + 1)) + END],
    ["10,000 parts", Array.from({ length: 10_000 }, (_, n) => field(`f${n}`, "x")).join("") + END],
  ])("with %s is refused", async (_, text) => {
    await expect(receive(text)).rejects.toMatchObject({ code: "INVALID_REQUEST" });
  });

  test("with names that are not UTF-8 is refused", async () => {
    const bytes = Buffer.from(file("\xff\xfe", "x") + END, "latin1");
    const receiving = receiveForm(
      (async function* () {
        yield bytes;
      })(),
      BOUNDARY,
      async () => {
        throw new Error("no file is received");
      },
    );
    await expect(receiving).rejects.toMatchObject({ code: "INVALID_REQUEST" });
  });
});

test.each([
  ["multipart/form-data; boundary=abc", "abc"],
  ['Multipart/Form-Data; charset=utf-8; boundary="a b"', "a b"],
  ["multipart/form-data", undefined],
  ["multipart/form-data; boundary=", undefined],
  [`multipart/form-data; boundary=${"x".repeat(71)}`, undefined],
  ["multipart/mixed; boundary=abc", undefined],
  ["application/json; boundary=abc", undefined],
])("the boundary of %p is %p", (type, boundary) => {
  expect(findBoundary(type)).toBe(boundary);
});

test.each([
  ['form-data; name="f"; filename="a.txt"', "a.txt"],
  ['form-data; name="f"; filename="a%22b.txt"', 'a"b.txt'],
  ['form-data; name="f"; filename="a\\"b.txt"', 'a"b.txt'],
  ['form-data; name="f"; filename="C:\\dir\\b.txt"', "C:\\dir\\b.txt"],
  ["form-data; name=f; filename=a.txt", "a.txt"],
  ["form-data; name=f; filename=\"x\"; filename*=UTF-8''b%C3%A1o.txt", "báo.txt"],
  ["form-data; name=f; filename=\"x\"; filename*=UTF-8''%zz", "x"],
  ['form-data; name="f"', undefined],
])("the name in %p is %p", (disposition, name) => {
  expect(findPartName(`Content-Disposition: ${disposition}`)).toEqual({ name: "f", fileName: name });
});
