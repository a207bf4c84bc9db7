/** The name of a form's field, and the name of its file if it is one. */
export interface PartName {
  readonly name: string;
  readonly fileName: string | undefined;
}

const MAX_BOUNDARY_CHARS = 70;
const PARAMETER = /;\s*([\w*-]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^;"\s]*))/g;

/** Returns the boundary between the parts of a form. Returns undefined for another content type. */
export function findBoundary(contentType: string): string | undefined {
  if (!/^multipart\/form-data\s*;/i.test(contentType)) return undefined;
  const boundary = parametersOf(contentType).get("boundary");
  return boundary !== undefined && boundary !== "" && boundary.length <= MAX_BOUNDARY_CHARS ? boundary : undefined;
}

/** Returns what the headers of a part say about its name. Returns undefined if they name no field. */
export function findPartName(headers: string): PartName | undefined {
  const disposition = /^content-disposition:\s*(form-data\s*;.*)$/im.exec(headers)?.[1];
  if (disposition === undefined) return undefined;
  const parameters = parametersOf(disposition);
  const name = parameters.get("name");
  if (name === undefined) return undefined;
  return { name, fileName: findExtendedName(parameters.get("filename*")) ?? parameters.get("filename") };
}

function parametersOf(header: string): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const [, name = "", quoted, plain = ""] of header.matchAll(PARAMETER)) {
    found.set(name.toLowerCase(), quoted === undefined ? plain : unquote(quoted));
  }
  return found;
}

// Browsers encode a quotation mark as %22, other clients write \". Other backslashes belong to the name.
const unquote = (text: string) => text.replaceAll(/\\(["\\])/g, "$1").replaceAll("%22", '"');

/** Reads the form of names that some clients use for other letters than ASCII (RFC 8187). */
function findExtendedName(text: string | undefined): string | undefined {
  const [, encoded] = /^utf-8'[\w-]*'(.+)$/i.exec(text ?? "") ?? [];
  try {
    return encoded === undefined ? undefined : decodeURIComponent(encoded);
  } catch {
    return undefined;
  }
}
