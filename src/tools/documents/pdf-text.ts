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
    const pages: string[] = [];
    let size = 0;
    for (let number = 1; number <= pdf.numPages && size < writer.room; number++) {
      const page = await pdf.getPage(number);
      const { items } = await page.getTextContent();
      const text = items.map((item) => ("str" in item ? item.str + (item.hasEOL ? "\n" : "") : "")).join("");
      pages.push(text.trim());
      size += text.length;
      page.cleanup();
    }
    const blank = pages.flatMap((text, index) => (text === "" ? [index + 1] : []));
    if (blank.length === pdf.numPages) throw new DocumentError("scanned");
    // It comes first, because a reader of the first part may never ask for the last one.
    if (blank.length > 0) writer.add(toNote(blank));
    for (const [index, text] of pages.entries()) {
      writer.addPart(`Page ${index + 1} of ${pdf.numPages}`, text === "" ? NO_TEXT : text);
    }
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
  return `[Pages without text: ${named}${others}. They may be scans. To see one, have it as an image and use read_image.]`;
}
