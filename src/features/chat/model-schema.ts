import { z } from "zod";

export const ModelListInput = z.object({});
export const ModelPath = z.object({
  model: z.string().describe("`goclaw:<agent key>`, as the list of models names it"),
});
export type ModelPath = z.infer<typeof ModelPath>;

/** OpenAI's model (https://platform.openai.com/docs/api-reference/models/object). */
export const Model = z
  .object({
    id: z.string().describe("`goclaw:<agent key>`"),
    object: z.literal("model"),
    created: z.int().describe("Seconds since 1970"),
    owned_by: z.string(),
  })
  .meta({ id: "Model" });
export type Model = z.infer<typeof Model>;

/** OpenAI's list of models (https://platform.openai.com/docs/api-reference/models/list). */
export const ModelList = z.object({ object: z.literal("list"), data: z.array(Model) }).meta({ id: "ModelList" });
export type ModelList = z.infer<typeof ModelList>;
