/** A type that browsers show without running anything in it. Everything else is sent as a download. */
interface ShownType {
  readonly type: string;
  readonly extensions: readonly string[];
}

const SHOWN: readonly ShownType[] = [
  { type: "image/png", extensions: ["png"] },
  { type: "image/jpeg", extensions: ["jpg", "jpeg"] },
  { type: "image/gif", extensions: ["gif"] },
  { type: "image/webp", extensions: ["webp"] },
  { type: "image/avif", extensions: ["avif"] },
  { type: "image/bmp", extensions: ["bmp"] },
  { type: "audio/mpeg", extensions: ["mp3"] },
  { type: "audio/wav", extensions: ["wav"] },
  { type: "audio/ogg", extensions: ["ogg", "oga", "opus"] },
  { type: "audio/mp4", extensions: ["m4a"] },
  { type: "audio/flac", extensions: ["flac"] },
  { type: "video/mp4", extensions: ["mp4", "m4v"] },
  { type: "video/webm", extensions: ["webm"] },
  { type: "application/json", extensions: ["json"] },
  { type: "text/csv", extensions: ["csv"] },
  { type: "text/markdown", extensions: ["md", "markdown"] },
  {
    type: "text/plain",
    extensions: [
      "txt",
      "log",
      "yaml",
      "yml",
      "toml",
      "ini",
      "py",
      "sh",
      "ts",
      "go",
      "rs",
      "sql",
      "jsonl",
      "diff",
      "tex",
    ],
  },
];

const DOWNLOADED: Readonly<Record<string, string>> = {
  pdf: "application/pdf",
  heic: "image/heic",
  heif: "image/heic",
  mov: "video/quicktime",
  zip: "application/zip",
  gz: "application/gzip",
  docx: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
  xlsx: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
  pptx: "application/vnd.openxmlformats-officedocument.presentationml.presentation",
};

/** The type of bytes of which nothing is known. Browsers run and show nothing of it. */
export const UNKNOWN_TYPE = "application/octet-stream";

const BY_EXTENSION: ReadonlyMap<string, string> = new Map([
  ...SHOWN.flatMap(({ type, extensions }) => extensions.map((extension) => [extension, type] as const)),
  ...Object.entries(DOWNLOADED),
]);
const SHOWN_TYPES: ReadonlySet<string> = new Set(SHOWN.map(({ type }) => type));

/** Returns the media type that the name of a file claims. HTML, SVG, scripts and unknown names have `UNKNOWN_TYPE`. */
export const typeOfName = (name: string): string =>
  BY_EXTENSION.get(/\.([^.]+)$/.exec(name)?.[1]?.toLowerCase() ?? "") ?? UNKNOWN_TYPE;

export const isShownInline = (type: string): boolean => SHOWN_TYPES.has(type);

/** The first bytes of types that can be told by them, the most exact first. `at` is where they are. */
const SIGNATURES: readonly { readonly type: string; readonly at: number; readonly bytes: string }[] = [
  { type: "image/png", at: 0, bytes: "\x89PNG\r\n\x1a\n" },
  { type: "image/jpeg", at: 0, bytes: "\xff\xd8\xff" },
  { type: "image/gif", at: 0, bytes: "GIF87a" },
  { type: "image/gif", at: 0, bytes: "GIF89a" },
  { type: "image/webp", at: 8, bytes: "WEBP" },
  { type: "image/avif", at: 4, bytes: "ftypavif" },
  { type: "image/bmp", at: 0, bytes: "BM" },
  { type: "audio/mpeg", at: 0, bytes: "ID3" },
  // Frames of MPEG 1 and 2, the second of which speech has, each with and without a checksum.
  ...["\xff\xfb", "\xff\xfa", "\xff\xf3", "\xff\xf2"].map((bytes) => ({ type: "audio/mpeg", at: 0, bytes })),
  { type: "audio/wav", at: 8, bytes: "WAVE" },
  { type: "audio/ogg", at: 0, bytes: "OggS" },
  { type: "audio/mp4", at: 4, bytes: "ftypM4A" },
  { type: "audio/flac", at: 0, bytes: "fLaC" },
  // The brands of ISO/IEC 23008-12. Two of them may hold AVIF as well.
  ...["hei", "hev", "mif1", "msf1"].map((brand) => ({ type: "image/heic", at: 4, bytes: `ftyp${brand}` })),
  ...["avis", "mif1", "msf1"].map((brand) => ({ type: "image/avif", at: 4, bytes: `ftyp${brand}` })),
  { type: "video/quicktime", at: 4, bytes: "ftypqt  " },
  { type: "video/mp4", at: 4, bytes: "ftyp" },
  // Phones record sound in the container that others use for films.
  { type: "audio/mp4", at: 4, bytes: "ftyp" },
  { type: "video/webm", at: 0, bytes: "\x1a\x45\xdf\xa3" },
  { type: "application/pdf", at: 0, bytes: "%PDF-" },
];
const TOLD_BY_BYTES: ReadonlySet<string> = new Set(SIGNATURES.map(({ type }) => type));

/** How many bytes of a file `typeOfContent` looks at. */
export const SIGNATURE_BYTES = 16;

/**
 * Returns the media type of a file by its name and its first bytes. A name that its bytes contradict does not count. A
 * name without a type of its own leaves it to the bytes, but never those of a page or a script.
 */
export function typeOfContent(name: string, head: Uint8Array): string {
  const text = Buffer.from(head).toString("latin1");
  const claimed = typeOfName(name);
  const fits = SIGNATURES.filter(({ at, bytes }) => text.startsWith(bytes, at)).map(({ type }) => type);
  if (fits.includes(claimed)) return claimed;
  if (claimed.startsWith("text/") || claimed === "application/json") return fits[0] ?? claimed;
  return fits[0] ?? (TOLD_BY_BYTES.has(claimed) ? UNKNOWN_TYPE : claimed);
}
