import { LIMITS } from "#base/limits.ts";
import { DocumentError } from "#tools/documents/document-error.ts";
import { kindOfDocument } from "#tools/documents/document-kind.ts";
import { writeOffice } from "#tools/documents/office-text.ts";
import { writePdf } from "#tools/documents/pdf-text.ts";
import { TextWriter } from "#tools/documents/text-writer.ts";
import { convertHtml } from "#tools/web/convert-html.ts";
import { decodePage } from "#tools/web/decode-page.ts";

/** Turns a document into text of at most `LIMITS.documentChars` characters. Throws `DocumentError`. */
export async function convertDocument(bytes: Uint8Array, name: string): Promise<string> {
  const writer = new TextWriter(LIMITS.documentChars);
  switch (kindOfDocument(bytes, name)) {
    case "pdf":
      await writePdf(bytes, writer);
      break;
    case "office":
      await writeOffice(bytes, writer);
      break;
    case "html":
      writer.add(
        await convertHtml({
          html: decodePage("text/html", bytes),
          url: "",
          format: "markdown",
          maxChars: LIMITS.documentChars,
        }),
      );
      break;
    case "text":
      writer.add(decodePage("", bytes));
      break;
    case "old-office":
      throw new DocumentError("old_office");
    case "unknown":
      throw new DocumentError("unknown_type");
  }
  return writer.toString();
}
