import type { ModelFile, ModelText } from "#models/language-model.ts";

/** Replaces files that a provider does not take by the texts that stand in for them. Others stay as they are. */
export const withStandIns = (
  parts: readonly (ModelText | ModelFile)[],
  takes: (mediaType: string) => boolean,
): readonly (ModelText | ModelFile)[] =>
  parts.map((part) =>
    part.type === "file" && part.standIn !== undefined && !takes(part.mediaType)
      ? { type: "text", text: part.standIn }
      : part,
  );
