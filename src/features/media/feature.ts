import { z } from "zod";
import { LIMITS } from "#base/limits.ts";
import { UNKNOWN_TYPE } from "#base/media/media-types.ts";
import { ACCESS } from "#core/access/access.ts";
import { defineOperation } from "#core/operation.ts";
import { defineFeature } from "#features/define-feature.ts";
import { mediaUploaded } from "#features/media/events.ts";
import { getMedia } from "#features/media/get-media.ts";
import * as schema from "#features/media/schema.ts";
import { uploadMedia } from "#features/media/upload-media.ts";

const operations = [
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
];

export const mediaFeature = defineFeature({ name: "media", operations, events: [mediaUploaded] });
