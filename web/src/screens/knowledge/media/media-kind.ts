import { File, FileAudio, FileImage, FileText, FileVideo, type LucideIcon } from "lucide-react";
import type { InputOf, OutputOf } from "#client/index.ts";

export type Media = OutputOf<"media.list">["media"][number];
export type MediaKind = NonNullable<InputOf<"media.list">["kind"]>;

export const KINDS = ["image", "audio", "video", "document", "other"] as const satisfies readonly MediaKind[];

export const KIND_ICONS: Readonly<Record<MediaKind, LucideIcon>> = {
  image: FileImage,
  audio: FileAudio,
  video: FileVideo,
  document: FileText,
  other: File,
};

/** In these, a browser runs nothing. */
const PICTURES = /^image\/(avif|bmp|gif|jpeg|png|webp)$/;
const DOCUMENTS = /^(text\/|application\/(json|pdf|vnd\.openxmlformats-officedocument\.))/;

/** Returns the kind that the gateway's filter means. */
export function kindOfType(type: string): MediaKind {
  const general = type.slice(0, type.indexOf("/"));
  if (general === "image" || general === "audio" || general === "video") return general;
  return DOCUMENTS.test(type) ? "document" : "other";
}

/** Returns whether a file can be shown as a picture of at most so many bytes. */
export const isPicture = ({ mime_type, size }: Media, most: number): boolean =>
  PICTURES.test(mime_type) && size <= most;
