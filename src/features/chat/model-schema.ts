import { z } from "zod";

export const ModelListInput = z.object({});

/** OpenAI's list of models (https://platform.openai.com/docs/api-reference/models/list). */
export const ModelList = z
  .object({
    object: z.literal("list"),
    data: z.array(
      z.object({
        id: z.string().describe("`goclaw:<agent key>`"),
        object: z.literal("model"),
        created: z.int().describe("Seconds since 1970"),
        owned_by: z.string(),
      }),
    ),
  })
  .meta({ id: "ModelList" });
export type ModelList = z.infer<typeof ModelList>;
