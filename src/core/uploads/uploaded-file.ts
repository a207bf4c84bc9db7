import { z } from "zod";

/** A file of a form. It is complete, and stays on disk until its call is answered. */
export class UploadedFile {
  /** The name that the client gave it. It says nothing about where the file is. */
  readonly name: string;
  readonly size: number;
  /** In hex. */
  readonly sha256: string;
  /** Where the bytes are. A call may move them away. */
  readonly path: string;

  constructor({ name, size, sha256, path }: Pick<UploadedFile, "name" | "size" | "sha256" | "path">) {
    this.name = name;
    this.size = size;
    this.sha256 = sha256;
    this.path = path;
  }
}

/** A field of an input that is a file. */
export const FormFile = z.instanceof(UploadedFile).meta({ type: "string", format: "binary" });
