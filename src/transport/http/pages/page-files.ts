/** The path of a file on disk, and of its compressed forms. */
export interface PageFile {
  readonly identity: string;
  readonly gzip?: string;
  readonly br?: string;
}

/** The files of a web application that is served beside the API. */
export interface PageFiles {
  /** The HTML of every page, with `CSP_NONCE` where the nonce of the response belongs. */
  readonly document: string;
  /** All other files by their path. The path of each names its content, so it never changes. */
  readonly assets: ReadonlyMap<string, PageFile>;
}

/** Stands in the HTML for the nonce, by which the styles that scripts add are allowed. */
export const CSP_NONCE = "CSP_NONCE";
