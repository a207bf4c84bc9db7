import { z } from "zod";
import { Identity } from "#core/access/identity.ts";
import { FormFile } from "#core/uploads/uploaded-file.ts";
import { pageFields, pageOf, searchField, Timestamp } from "#core/wire.ts";

export const UploadMediaInput = z.object({ file: FormFile });

const Url = z.string().describe("Path of its URL");
const MimeType = z.string().describe("By its first bytes and its name");
const Size = z.int().describe("In bytes");
const Id = z.string().max(255).describe("Id of the upload");

export const UploadedMedia = z
  .object({
    id: z.guid(),
    url: Url,
    path: z.string().describe("What messages name it by; no path of the machine"),
    mime_type: MimeType,
    filename: z.string(),
    size: Size,
  })
  .meta({ id: "UploadedMedia", description: "A file for use in messages" });

export const Media = z
  .object({
    id: z.guid(),
    url: Url,
    filename: z.string(),
    mime_type: MimeType,
    size: Size,
    user_id: z.string().optional().describe("Whose it is"),
    created_at: Timestamp,
  })
  .meta({ id: "Media", description: "A file that somebody uploaded, or that an agent sent" });
export type Media = z.infer<typeof Media>;

export const MediaList = pageOf("media", Media).meta({ id: "MediaList", description: "A page of uploads" });
export type MediaList = z.infer<typeof MediaList>;

const MediaKind = z.enum(["image", "audio", "video", "document", "other"]);
export type MediaKind = z.infer<typeof MediaKind>;

export const ListMediaInput = z
  .object({
    q: searchField("the name, the id or the user"),
    kind: MediaKind.optional().describe("By the type. `document` is texts, PDF, JSON and those of Office"),
    user_id: Identity.min(1).optional().describe("For administrators; others see their own uploads"),
    ...pageFields,
  })
  .meta({ id: "ListMediaInput" });
export type ListMediaInput = z.infer<typeof ListMediaInput>;

export const MediaPath = z.object({ id: Id });
export type MediaPath = z.infer<typeof MediaPath>;

export const GetMediaInput = z.object({
  id: Id,
  download: z
    .string()
    .max(10)
    .optional()
    .transform((text) => text === "true" || text === "1")
    .describe("Whether to send it as a download, whatever its type"),
  ft: z.string().max(500).optional().describe("The token of a signed link, instead of any other credential"),
  token: z.string().max(500).optional().describe("A token, for clients that cannot send headers"),
});
