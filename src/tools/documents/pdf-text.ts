import { DocumentError } from "#tools/documents/document-error.ts";
import type { TextWriter } from "#tools/documents/text-writer.ts";

/** No font is loaded and nothing is drawn, because only the text counts. Scripts of the document never run. */
const OPTIONS = { disableFontFace: true, useSystemFonts: false, isEvalSupported: false, maxImageSize: 1, verbosity: 0 };

/** Writes the text of a PDF, page by page. Throws `DocumentError`, also where no page has text, as in a scan. */
export async function writePdf(bytes: Uint8Array, writer: TextWriter): Promise<void> {
  const { getDocumentProxy } = await import("unpdf");
  const pdf = await getDocumentProxy(bytes, OPTIONS).catch((thrown: unknown) => {
    const isLocked = thrown instanceof Error && thrown.name === "PasswordException";
    throw new DocumentError(isLocked ? "password" : "damaged", { cause: thrown });
  });
  try {
    const withoutText: number[] = [];
    for (let number = 1; number <= pdf.numPages && !writer.isFull; number++) {
      const page = await pdf.getPage(number);
      const { items } = await page.getTextContent();
      const text = items.map((item) => ("str" in item ? item.str + (item.hasEOL ? "\n" : "") : "")).join("");
      if (text.trim() === "") withoutText.push(number);
      writer.addPart(`Page ${number} of ${pdf.numPages}`, text.trim() === "" ? NO_TEXT : text);
      page.cleanup();
    }
    if (withoutText.length === pdf.numPages) throw new DocumentError("scanned");
    if (withoutText.length > 0) writer.addPart("Note", toNote(withoutText));
  } finally {
    await pdf.loadingTask.destroy();
  }
}

const NO_TEXT = "(no text on this page; it may be a picture)";
/** The most pages that a note names. */
const NAMED_PAGES = 20;

function toNote(pages: readonly number[]): string {
  const named = pages.slice(0, NAMED_PAGES).join(", ");
  const others = pages.length > NAMED_PAGES ? ` and ${pages.length - NAMED_PAGES} others` : "";
  return `Without text: page ${named}${others}. Such pages may be scans. To see one, have it as an image and use read_image.`;
}
