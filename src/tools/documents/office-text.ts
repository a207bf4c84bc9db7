import { DocumentError } from "#tools/documents/document-error.ts";
import { unpackOffice } from "#tools/documents/office-archive.ts";
import { writeSheets } from "#tools/documents/sheet-text.ts";
import { writeSlides } from "#tools/documents/slides-text.ts";
import type { TextWriter } from "#tools/documents/text-writer.ts";
import { writeWord } from "#tools/documents/word-text.ts";

/** Writes the text of a Word, Excel or PowerPoint document (ECMA-376). Throws `DocumentError`. */
export async function writeOffice(bytes: Uint8Array, writer: TextWriter): Promise<void> {
  const files = await unpackOffice(bytes);
  try {
    if (files.has("word/document.xml")) await writeWord(bytes, writer);
    else if (files.has("xl/workbook.xml")) await writeSheets(bytes, writer);
    else if (files.has("ppt/presentation.xml")) writeSlides(files, writer);
    else throw new DocumentError("no_document");
  } catch (thrown) {
    throw thrown instanceof DocumentError ? thrown : new DocumentError("damaged", { cause: thrown });
  }
}
