/** A kind of document that can be turned into text. */
export type DocumentKind = "pdf" | "office" | "html" | "text";

/** The PDF mark may come after some other bytes (ISO 32000-2, annex I). */
const PDF_MARK_WITHIN = 1_024;
const SNIFFED_BYTES = 8_192;
const ZIP_MARK = "PK\u0003\u0004";
/** The container of Office files from before 2007, and of newer ones with a password (MS-CFB, 2.2). */
const COMPOUND_MARK = "\u00d0\u00cf\u0011\u00e0\u00a1\u00b1\u001a\u00e1";

const HTML_NAME = /\.x?html?$/i;

/**
 * Determines the kind of a document by its content, because names and declared types are often wrong. The name only
 * tells a page that begins in its middle from other text.
 */
export function kindOfDocument(bytes: Uint8Array, name: string): DocumentKind | "old-office" | "unknown" {
  const head = Buffer.from(bytes.subarray(0, SNIFFED_BYTES)).toString("latin1");
  if (head.slice(0, PDF_MARK_WITHIN).includes("%PDF-")) return "pdf";
  if (head.startsWith(ZIP_MARK)) return "office";
  if (head.startsWith(COMPOUND_MARK)) return "old-office";
  const isWide = /^(?:\u00ff\u00fe|\u00fe\u00ff)/.test(head);
  if (!isWide && head.includes("\0")) return "unknown";
  return HTML_NAME.test(name) || /^[\s\u00ef\u00bb\u00bf]*(?:<!doctype html|<html|<head|<body)/i.test(head)
    ? "html"
    : "text";
}
