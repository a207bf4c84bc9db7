// Files imported `with { type: "file" }`: the import is the path to read them from.
declare module "swagger-ui-dist/*.css" {
  const path: string;
  export = path;
}
declare module "swagger-ui-dist/*.js" {
  const path: string;
  export = path;
}
declare module "#contract/docs-page/*.js" {
  const path: string;
  export = path;
}
