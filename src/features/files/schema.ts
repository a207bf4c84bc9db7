import { z } from "zod";
import { LIMITS } from "#base/limits.ts";
import { FormFile } from "#core/uploads/uploaded-file.ts";

const Path = z.string().max(LIMITS.filePathChars);
const FullPath = Path.min(1).describe("Path in the tenant's workspace");

/** A query parameter that is on if it is `true` or `1`. Everything else leaves it off. */
const Switch = z
  .string()
  .max(10)
  .optional()
  .transform((text) => text === "true" || text === "1");

const FileEntry = z
  .object({
    path: z.string().describe("Path in the tenant's workspace"),
    name: z.string(),
    isDir: z.boolean(),
    size: z.int().describe("In bytes; 0 for directories"),
    hasChildren: z.boolean().optional().describe("True if `depth` hides what is in the directory"),
    protected: z.boolean().describe("True if it cannot be deleted"),
  })
  .meta({ id: "FileEntry", description: "A file or directory of the tenant's workspace" });

export const ListFilesInput = z.object({
  path: Path.default("").describe("A directory to list instead of the whole workspace"),
  depth: z.coerce.number().int().min(1).max(20).default(3).describe("How many levels of directories to list"),
});
export type ListFilesInput = z.output<typeof ListFilesInput>;

export const FileListing = z
  .object({
    files: z.array(FileEntry).describe("Each directory is followed by what is in it"),
    baseDir: z.literal("").describe("Always empty: paths begin at the tenant's workspace"),
    truncated: z.boolean().optional().describe(`True if there are more than ${LIMITS.listedWorkspaceFiles} entries`),
  })
  .meta({ id: "FileListing" });
export type FileListing = z.infer<typeof FileListing>;

export const GetFileInput = z.object({
  path: FullPath,
  download: Switch.describe("Whether to send it as a download, whatever its type"),
  ft: z.string().max(500).optional().describe("The token of a signed link, instead of any other credential"),
  token: z.string().max(500).optional().describe("A token, for clients that cannot send headers"),
});

export const StoragePath = z.object({ path: FullPath });

export const ReadStorageInput = StoragePath.extend({
  raw: Switch.describe("Whether to answer with the bytes themselves"),
});
export const StorageFile = z
  .object({ content: z.string(), path: z.string(), size: z.int().describe("In bytes") })
  .meta({ id: "StorageFile", description: "A file of the tenant's workspace as text" });

export const UploadStorageInput = z.object({
  path: Path.default("").describe("The directory; it is created if it is missing"),
  file: FormFile.describe("The file; one of the same name is replaced"),
});
export const UploadedStorageFile = z
  .object({ filename: z.string(), path: z.string(), size: z.int().describe("In bytes") })
  .meta({ id: "UploadedStorageFile" });

export const MoveStorageInput = z.object({
  from: FullPath.describe("Path of the file or directory"),
  to: FullPath.describe("Its new path, where nothing may be yet"),
});
export const MovedStorageFile = z.object({ from: z.string(), to: z.string() }).meta({ id: "MovedStorageFile" });

export const StorageSizeEvent = z
  .object({
    current: z.int().optional().describe("Bytes counted so far"),
    total: z.int().optional().describe("Bytes of all files, in the last event"),
    files: z.int().describe("Files counted so far"),
    done: z.literal(true).optional(),
  })
  .meta({ id: "StorageSizeEvent" });

export const SignFileInput = z.object({
  path: FullPath.describe("Path in the tenant's workspace, or that of its URL"),
});
export const SignedLink = z
  .object({ url: z.string().describe("Path of a URL that needs no other credential for a day") })
  .meta({ id: "SignedLink" });
