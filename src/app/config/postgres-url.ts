/** Parses the URL of a Postgres database. Returns undefined if the text is not one. */
export function parsePostgresUrl(text: string): URL | undefined {
  if (!/^postgres(ql)?:\/\//i.test(text)) return undefined;
  // The URL of a socket connection may have a user and no host, but `URL.parse` requires a host after a user.
  return URL.parse(text.replace("@/", "@localhost/")) ?? undefined;
}

/** Returns host, port and database of a URL, without user and password. */
export function nameOfPostgres(url: URL): string {
  const host = url.searchParams.get("host") || url.hostname || "localhost";
  return `${host}:${url.port || "5432"}${url.pathname}`;
}
