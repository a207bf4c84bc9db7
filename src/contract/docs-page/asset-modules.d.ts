// Types of files imported `with { type: "file" }`. The imported value is the path of the file.
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
