// A picture is imported as the path under which the gateway serves it.
declare module "*.svg" {
  const path: string;
  export = path;
}
