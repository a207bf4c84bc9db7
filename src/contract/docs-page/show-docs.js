// Runs in the browser. A proxy may serve the gateway below any path prefix, so the root comes from this script's URL.
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
