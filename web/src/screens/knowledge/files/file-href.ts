/** Returns the address of a folder on this screen. */
export const folderHref = (path: string): string =>
  `/knowledge?${new URLSearchParams({ tab: "files", ...(path !== "" && { path }) })}`;

/** Returns the address of a file that is open over its folder. */
export const fileHref = (folder: string, file: string): string =>
  `${folderHref(folder)}&${new URLSearchParams({ file })}`;
