import { z } from "zod";
import { LIMITS } from "#base/limits.ts";
import { UNKNOWN_TYPE } from "#base/media/media-types.ts";
import { ACCESS } from "#core/access/access.ts";
import { defineOperation } from "#core/operation.ts";
import { DELETED, Deleted } from "#core/wire.ts";
import { storageDeleted, storageMoved, storageUploaded } from "#features/files/events.ts";
import * as schema from "#features/files/schema.ts";
import { deleteStorage } from "#features/files/verbs/delete-storage.ts";
import { listFiles } from "#features/files/verbs/list-files.ts";
import { measureStorage } from "#features/files/verbs/measure-storage.ts";
import { moveStorage } from "#features/files/verbs/move-storage.ts";
import { getFile, readStorage } from "#features/files/verbs/read-storage.ts";
import { signFile } from "#features/files/verbs/sign-file.ts";
import { uploadStorage } from "#features/files/verbs/upload-storage.ts";

const REACH =
  "Administrators reach every file of the tenant, others those in the directories that agents keep for them.";

export const fileOperations = [
  defineOperation({
    name: "files.list",
    http: { method: "GET", path: "/v1/files", aliases: [{ method: "GET", path: "/v1/storage/files" }] },
    access: ACCESS.read,
    summary: "List the files of the tenant's workspace",
    description: `${REACH} Links are left out.`,
    input: schema.ListFilesInput,
    output: schema.FileListing,
    errors: ["NOT_FOUND"],
    run: listFiles,
  }),
  defineOperation({
    name: "files.get",
    http: { method: "GET", path: "/v1/files/{path...}" },
    access: { ...ACCESS.read, rate: "none" },
    acceptsLinks: true,
    summary: "Read a file of the tenant's workspace",
    description: `${REACH} Answers requests for a part (\`Range\`) and conditional requests. Types in which a browser would run something are sent as downloads.`,
    input: schema.GetFileInput,
    output: z.string(),
    answers: { bytes: { mediaType: UNKNOWN_TYPE } },
    errors: ["NOT_FOUND"],
    run: getFile,
  }),
  defineOperation({
    name: "files.sign",
    http: { method: "POST", path: "/v1/files/sign" },
    runsOnce: true,
    access: ACCESS.write,
    summary: "Sign a link to a file",
    description: "Whoever has the link can read this file for a day, without any other credential.",
    input: schema.SignFileInput,
    output: schema.SignedLink,
    errors: ["NOT_FOUND"],
    example: { input: { path: "reports/june.csv" } },
    run: signFile,
  }),
  defineOperation({
    name: "storage.read",
    http: { method: "GET", path: "/v1/storage/files/{path...}" },
    access: ACCESS.read,
    summary: "Read a file of the tenant's workspace as text",
    description: `${REACH} With \`raw=true\`, the answer is the file itself.`,
    input: schema.ReadStorageInput,
    output: schema.StorageFile,
    errors: ["NOT_FOUND"],
    run: readStorage,
  }),
  defineOperation({
    name: "storage.upload",
    http: { method: "POST", path: "/v1/storage/files" },
    runsOnce: true,
    access: ACCESS.administer,
    body: { kind: "multipart", maxBytes: LIMITS.uploadBody },
    query: ["path"],
    summary: "Upload a file to the tenant's workspace",
    description: "A form with the file. A file of the same name is replaced at once and whole.",
    input: schema.UploadStorageInput,
    output: schema.UploadedStorageFile,
    errors: ["ALREADY_EXISTS", "NOT_FOUND"],
    audit: storageUploaded,
    run: uploadStorage,
  }),
  defineOperation({
    name: "storage.size",
    http: { method: "GET", path: "/v1/storage/size" },
    access: ACCESS.read,
    summary: "Count the files of the tenant's workspace and their bytes",
    description: `${REACH} Reports while it counts.`,
    input: z.object({}),
    output: schema.StorageSizeEvent,
    answers: { stream: { schema: schema.StorageSizeEvent, description: "the last event has `done` and the `total`" } },
    run: measureStorage,
  }),
  defineOperation({
    name: "storage.move",
    http: { method: "PUT", path: "/v1/storage/move" },
    access: ACCESS.administer,
    query: ["from", "to"],
    summary: "Move or rename a file or directory of the tenant's workspace",
    description: "Nothing may be at the new path. Its directories are created.",
    input: schema.MoveStorageInput,
    output: schema.MovedStorageFile,
    errors: ["ALREADY_EXISTS", "NOT_FOUND"],
    audit: storageMoved,
    example: {
      input: { from: "draft.md", to: "reports/june.md" },
      output: { from: "draft.md", to: "reports/june.md" },
    },
    run: moveStorage,
  }),
  defineOperation({
    name: "storage.delete",
    http: { method: "DELETE", path: "/v1/storage/{path...}" },
    access: ACCESS.administer,
    summary: "Delete a file or directory of the tenant's workspace",
    description:
      "A directory goes with everything in it. The path may have `files/` before it, if nothing is at that very path.",
    input: schema.StoragePath,
    output: Deleted,
    errors: ["NOT_FOUND"],
    audit: storageDeleted,
    example: { output: DELETED },
    run: deleteStorage,
  }),
];
