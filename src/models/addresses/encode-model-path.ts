import { ModelFailure } from "#models/failures/model-failure.ts";

/**
 * Encodes a model's name for a path, in which its slashes stay. Throws `ModelFailure` for parts that would leave the
 * path, because URL parsers resolve them even if they are encoded.
 */
export function encodeModelPath(model: string): string {
  const parts = model.toWellFormed().split("/");
  if (parts.some((part) => part === "" || part === "." || part === "..")) {
    throw new ModelFailure({ kind: "model_not_found", message: "the model's name is no path" });
  }
  return parts.map(encodeURIComponent).join("/");
}
