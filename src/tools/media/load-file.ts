import { LIMITS } from "#base/limits.ts";
import { shorten, type ToolEnvironment, ToolError } from "#runtime/tools/index.ts";
import type { BlobStore } from "#runtime/transcript/index.ts";
import { findPlace } from "#tools/files/find-place.ts";
import { readWorkspaceFile } from "#tools/files/workspace-file.ts";

/** How a tool names a file: by its path in the workspace, or by the id under which it was sent or uploaded. */
export interface FileReference {
  readonly path?: string | undefined;
  readonly media_id?: string | undefined;
}

export interface LoadedFile {
  /** As the model knows it. */
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** Loads a file of the workspace, an upload of the user, or a file of this conversation. Throws `ToolError`. */
export async function loadFile(
  environment: ToolEnvironment,
  { path, media_id: mediaId }: FileReference,
  blobs: BlobStore,
): Promise<LoadedFile> {
  if (mediaId) return loadMedia(environment, mediaId.replace(/^(?:\/v1\/)?media\//, ""), blobs);
  if (!path) throw new ToolError("Say which file: give path or media_id.");
  const place = await findPlace(environment, path);
  return { name: path, bytes: await readWorkspaceFile(place.root, place.path, LIMITS.documentBytes) };
}

const BLOB_ID = /^[0-9a-f]{64}$/;

async function loadMedia({ tenantId, userId, db }: ToolEnvironment, id: string, blobs: BlobStore): Promise<LoadedFile> {
  const uploads = db.read.selectFrom("media").select(["blob", "name"]).where("user_id", "=", userId);
  const upload = await uploads.where("id", "=", id).executeTakeFirst();
  // Nobody knows the hash of a file but those who have it, so it says enough about the right to read the file.
  const blob = upload?.blob ?? (BLOB_ID.test(id) ? id : undefined);
  if (blob === undefined) throw unknownMedia(id);
  const opened = await blobs.open(tenantId, blob).catch(() => undefined);
  if (!opened) throw unknownMedia(id);
  if (opened.size > LIMITS.documentBytes) throw new ToolError(`The file has ${opened.size} bytes: too large to read.`);
  return { name: upload?.name ?? "the file", bytes: await opened.bytes() };
}

const unknownMedia = (id: string) => new ToolError(`There is no file with the media_id ${shorten(id)}.`);
