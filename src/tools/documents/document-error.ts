/** Why a document has no text for the model. */
export type DocumentFault =
  | "unknown_type"
  | "old_office"
  | "damaged"
  | "password"
  /** No page has text that can be read. */
  | "scanned"
  | "too_large"
  /** Its container is no document that can be read, such as an archive of other files. */
  | "no_document";

/** Thrown where a document cannot be turned into text. */
export class DocumentError extends Error {
  override readonly name = "DocumentError";
  readonly fault: DocumentFault;

  constructor(fault: DocumentFault, options?: ErrorOptions) {
    super(fault, options);
    this.fault = fault;
  }
}
