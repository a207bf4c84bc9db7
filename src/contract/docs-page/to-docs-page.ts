/** The policy of the docs page. The page may only load its own files and call this gateway. */
export const DOCS_CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join("; ");

/** Returns the HTML page that shows the API. `assets` is the path of its files, relative to the page. */
export const toDocsPage = (assets: string): string => `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>GoClaw API</title>
    <link rel="icon" href="data:,">
    <link rel="stylesheet" href="${assets}swagger-ui.css">
    <script src="${assets}swagger-ui-bundle.js" defer></script>
    <script src="${assets}show-docs.js" defer></script>
  </head>
  <body>
    <main id="docs"></main>
  </body>
</html>
`;
