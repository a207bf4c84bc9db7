// Runs in the browser. The gateway may be reached below any path prefix, so its root is found from this script's place.
const gatewayRoot = new URL("../../", document.currentScript.src);

fetch(new URL("docs/openapi.json", gatewayRoot))
  .then((answer) => answer.json())
  .then((spec) =>
    window.SwaggerUIBundle({
      dom_id: "#docs",
      spec: { ...spec, servers: [{ url: gatewayRoot.href.replace(/\/$/, "") }] },
      queryConfigEnabled: false,
      validatorUrl: null,
      deepLinking: true,
      docExpansion: "none",
      defaultModelsExpandDepth: 0,
    }),
  );
