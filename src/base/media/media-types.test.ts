import { describe, expect, test } from "bun:test";
import { isShownInline, typeOfContent, typeOfName } from "#base/media/media-types.ts";

/** The first sixteen bytes of real files. */
const HEADS: readonly [type: string, name: string, head: string][] = [
  ["image/png", "a.png", "\x89PNG\r\n\x1a\n\0\0\0\rIHDR"],
  ["image/jpeg", "a.jpg", "\xff\xd8\xff\xe0\0\x10JFIF\0\x01\x01\0\0\x01"],
  ["image/gif", "a.gif", "GIF87a\x01\0\x01\0\x80\0\0\0\0\0"],
  ["image/gif", "a.gif", "GIF89a\x01\0\x01\0\x80\0\0\0\0\0"],
  ["image/webp", "a.webp", "RIFF\x24\0\0\0WEBPVP8 "],
  ["image/avif", "a.avif", "\0\0\0\x20ftypavif\0\0\0\0"],
  ["image/bmp", "a.bmp", "BM\x46\0\0\0\0\0\0\0\x36\0\0\0\x28\0"],
  ["audio/mpeg", "a.mp3", "ID3\x04\0\0\0\0\0\x23TSSE\0\0"],
  ["audio/mpeg", "a.mp3", "\xff\xfb\x90\x64\0\x0f\xf0\0\0\x69\0\0\0\x08\0\0"],
  ["audio/mpeg", "a.mp3", "\xff\xf3\x44\xc4\0\0\0\x03\x48\0\0\0\0LAM"],
  ["audio/wav", "a.wav", "RIFF\x24\0\0\0WAVEfmt "],
  ["audio/ogg", "a.ogg", "OggS\0\x02\0\0\0\0\0\0\0\0\x01\0"],
  ["audio/mp4", "a.m4a", "\0\0\0\x20ftypM4A \0\0\0\0"],
  ["audio/flac", "a.flac", "fLaC\0\0\0\x22\x10\0\x10\0\0\0\0\0"],
  ["image/heic", "a.HEIC", "\0\0\0\x24ftypheic\0\0\0\0"],
  ["image/heic", "a.heif", "\0\0\0\x24ftypmif1\0\0\0\0"],
  ["video/quicktime", "a.mov", "\0\0\0\x14ftypqt  \0\0\x02\0"],
  ["video/mp4", "a.mp4", "\0\0\0\x20ftypisom\0\0\x02\0"],
  ["video/webm", "a.webm", "\x1a\x45\xdf\xa3\x9f\x42\x86\x81\x01\x42\xf7\x81\x01\x42\xf2\x81"],
  ["application/pdf", "a.pdf", "%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"],
];
const bytesOf = (head: string) => new Uint8Array(Buffer.from(head, "latin1"));

describe.each(HEADS)("%s, called %s", (type, name, head) => {
  test("is told by its name and by its first bytes", () => {
    expect([typeOfName(name), typeOfContent(name, bytesOf(head))]).toEqual([type, type]);
    for (const other of ["a", "a.xyz", "a.txt", name === "a.png" ? "a.jpg" : "a.png"]) {
      expect(typeOfContent(other, bytesOf(head))).toBe(type);
    }
  });

  test("is not told by bytes that are somewhere else", () => {
    expect(typeOfContent("a", bytesOf(`\x01${head}`))).toBe("application/octet-stream");
    expect(typeOfContent(name, bytesOf(`\x01${head}`))).toBe("application/octet-stream");
  });
});

test("an AVIF picture with a brand of HEIF is one, if its name says so", () => {
  const head = bytesOf("\0\0\0\x20ftypmif1\0\0\0\0avif");
  expect([typeOfContent("a.avif", head), typeOfContent("a", head)]).toEqual(["image/avif", "image/heic"]);
});

test("sound of a phone is sound, if its name says so", () => {
  const head = bytesOf("\0\0\0\x18ftypmp42\0\0\0\0");
  expect([typeOfContent("a.m4a", head), typeOfContent("a", head)]).toEqual(["audio/mp4", "video/mp4"]);
});

test("text keeps the type of its name, and pages and scripts have none", () => {
  expect(typeOfContent("a.txt", bytesOf("hello"))).toBe("text/plain");
  expect(typeOfContent("a.json", bytesOf("{}"))).toBe("application/json");
  for (const name of ["a.html", "a.SVG", "a.js", "a"]) {
    expect(isShownInline(typeOfContent(name, bytesOf("<script>")))).toBe(false);
  }
});

test("data that claims to be text is what its bytes say, and a type without known bytes is what its name says", () => {
  const png = bytesOf("\x89PNG\r\n\x1a\n\0\0\0\rIHDR");
  for (const name of ["a.txt", "a.json"]) expect(typeOfContent(name, png)).toBe("image/png");
  expect(typeOfContent("a.zip", bytesOf("PK"))).toBe("application/zip");
});
