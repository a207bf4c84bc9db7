import swaggerStyle from "swagger-ui-dist/swagger-ui.css" with { type: "file" };
import swaggerScript from "swagger-ui-dist/swagger-ui-bundle.js" with { type: "file" };
import showDocs from "#contract/docs-page/show-docs.js" with { type: "file" };

export interface DocsAsset {
  readonly path: string;
  readonly mediaType: string;
}

const SCRIPT = "text/javascript; charset=utf-8";
const STYLE = "text/css; charset=utf-8";

/** The only files that the docs page loads, keyed by the name in their URL. */
export const DOCS_ASSETS: ReadonlyMap<string, DocsAsset> = new Map([
  ["swagger-ui.css", { path: swaggerStyle, mediaType: STYLE }],
  ["swagger-ui-bundle.js", { path: swaggerScript, mediaType: SCRIPT }],
  ["show-docs.js", { path: showDocs, mediaType: SCRIPT }],
]);
