/** The types of images that models take. */
export const IMAGE_TYPES: readonly string[] = ["image/png", "image/jpeg", "image/gif", "image/webp"];

/** The types of other files that models take. */
export const FILE_TYPES: readonly string[] = ["application/pdf", "text/plain"];
