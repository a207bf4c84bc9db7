/** The URL of a Postgres; undefined where the text is none. */
export function parsePostgresUrl(text: string): URL | undefined {
  if (!/^postgres(ql)?:\/\//i.test(text)) return undefined;
  // Who connects over a socket may name a user without a host, which no URL has.
  return URL.parse(text.replace("@/", "@localhost/")) ?? undefined;
}

/** Which database of which server a URL means: nothing of the user's. */
export function nameOfPostgres(url: URL): string {
  const host = url.searchParams.get("host") || url.hostname || "localhost";
  return `${host}:${url.port || "5432"}${url.pathname}`;
}
