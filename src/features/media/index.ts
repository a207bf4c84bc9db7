export { deleteOldMedia } from "#features/media/delete-old-media.ts";
export { mediaFeature } from "#features/media/feature.ts";
export { findMedia } from "#features/media/find-media.ts";
export { keepMedia } from "#features/media/keep-media.ts";
export { signLinks, unsignLinks } from "#features/media/sign-links.ts";
export { withSignedLinks } from "#features/media/sign-messages.ts";
export { LinkStream } from "#features/media/sign-stream.ts";
