import { z } from "zod";
import { defineTool, type Tool, untrustedPart } from "#runtime/tools/index.ts";
import type { BlobStore } from "#runtime/transcript/index.ts";
import type { DocumentReader } from "#tools/documents/document-reader.ts";
import { takeLines } from "#tools/files/take-lines.ts";
import { loadFile } from "#tools/media/load-file.ts";

/** Creates the tool that reads the text of documents. */
export const createReadDocumentTool = (blobs: BlobStore, reader: DocumentReader): Tool =>
  defineTool({
    name: "read_document",
    group: "media",
    description:
      "Read the text of a document: PDF, Word (DOCX), Excel (XLSX), PowerPoint (PPTX), HTML, CSV or plain text. Long ones come in parts: go on with offset, counted in lines.",
    arguments: z.object({
      path: z.string().max(1_000).optional().describe("The path of the document in your workspace"),
      media_id: z.string().max(200).optional().describe("The id of a file that the user sent or uploaded"),
      offset: z.int().min(1).default(1).describe("The first line to read"),
      limit: z.int().min(1).optional().describe("How many lines to read; all that fit when absent"),
    }),
    effect: () => "read",
    run: async (environment, { offset, limit, ...reference }, signal) => {
      const file = await loadFile(environment, reference, blobs);
      const text = await reader.read(file, environment.tenantId, signal);
      return [untrustedPart(`document ${file.name}`, takeLines(text, offset, limit))];
    },
  });
