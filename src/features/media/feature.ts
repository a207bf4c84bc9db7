import { z } from "zod";
import { LIMITS } from "#base/limits.ts";
import { UNKNOWN_TYPE } from "#base/media/media-types.ts";
import { ACCESS } from "#core/access/access.ts";
import { defineOperation } from "#core/operation.ts";
import { DELETED, Deleted } from "#core/wire.ts";
import { defineFeature } from "#features/define-feature.ts";
import { deleteMedia } from "#features/media/delete-media.ts";
import { mediaDeleted, mediaUploaded } from "#features/media/events.ts";
import { getMedia } from "#features/media/get-media.ts";
import { listMedia } from "#features/media/list-media.ts";
import * as schema from "#features/media/schema.ts";
import { uploadMedia } from "#features/media/upload-media.ts";

const operations = [
  defineOperation({
    name: "media.list",
    http: { method: "GET", path: "/v1/media" },
    access: ACCESS.read,
    summary: "List uploaded files, newest first",
    description:
      "Administrators see all of the tenant, others their own. Files that an agent sent to a user are among them.",
    input: schema.ListMediaInput,
    output: schema.MediaList,
    run: listMedia,
  }),
  defineOperation({
    name: "media.upload",
    http: { method: "POST", path: "/v1/media/upload" },
    runsOnce: true,
    access: ACCESS.write,
    body: { kind: "multipart", maxBytes: LIMITS.uploadBody },
    summary: "Upload a file for use in messages",
    description: "A form with the file, of 50 MiB at most. It belongs to the user of the call.",
    input: schema.UploadMediaInput,
    output: schema.UploadedMedia,
    audit: mediaUploaded,
    run: uploadMedia,
  }),
  defineOperation({
    name: "media.get",
    http: { method: "GET", path: "/v1/media/{id}" },
    access: { ...ACCESS.read, rate: "none" },
    acceptsLinks: true,
    summary: "Read an uploaded file",
    description:
      "For its user and for administrators. Answers requests for a part (`Range`) and conditional requests. Types in which a browser would run something are sent as downloads.",
    input: schema.GetMediaInput,
    output: z.string(),
    answers: { bytes: { mediaType: UNKNOWN_TYPE } },
    errors: ["NOT_FOUND"],
    run: getMedia,
  }),
  defineOperation({
    name: "media.delete",
    http: { method: "DELETE", path: "/v1/media/{id}" },
    access: ACCESS.write,
    summary: "Delete an uploaded file",
    description:
      "For its user and for administrators. Messages that it was sent with keep its content. Links to it lead nowhere then.",
    input: schema.MediaPath,
    output: Deleted,
    audit: mediaDeleted,
    example: { output: DELETED },
    run: deleteMedia,
  }),
];

export const mediaFeature = defineFeature({ name: "media", operations, events: [mediaUploaded, mediaDeleted] });
