import { z } from "zod";
import { FormFile } from "#core/uploads/uploaded-file.ts";

export const UploadMediaInput = z.object({ file: FormFile });

export const UploadedMedia = z
  .object({
    id: z.guid(),
    url: z.string().describe("Path of its URL"),
    path: z.string().describe("What messages name it by; no path of the machine"),
    mime_type: z.string().describe("By its first bytes and its name"),
    filename: z.string(),
    size: z.int().describe("In bytes"),
  })
  .meta({ id: "UploadedMedia", description: "A file for use in messages" });

export const GetMediaInput = z.object({
  id: z.string().max(255).describe("Id of the upload"),
  download: z
    .string()
    .max(10)
    .optional()
    .transform((text) => text === "true" || text === "1")
    .describe("Whether to send it as a download, whatever its type"),
  ft: z.string().max(500).optional().describe("The token of a signed link, instead of any other credential"),
  token: z.string().max(500).optional().describe("A token, for clients that cannot send headers"),
});
