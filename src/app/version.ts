import packageFile from "../../package.json" with { type: "json" };

/** The version of GoClaw. */
export const VERSION: string = packageFile.version;
