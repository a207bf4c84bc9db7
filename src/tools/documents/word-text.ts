import type { TextWriter } from "#tools/documents/text-writer.ts";
import { convertHtml } from "#tools/web/convert-html.ts";

/** Writes a Word document as Markdown, without its pictures. */
export async function writeWord(bytes: Uint8Array, writer: TextWriter): Promise<void> {
  const { default: mammoth } = await import("mammoth");
  const { value: html } = await mammoth.convertToHtml(
    { buffer: Buffer.from(bytes) },
    { convertImage: mammoth.images.imgElement(async () => ({ src: "" })), externalFileAccess: false },
  );
  writer.add(await convertHtml({ html, url: "", format: "markdown", maxChars: writer.room }));
}
