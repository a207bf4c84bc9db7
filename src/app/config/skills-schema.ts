import { z } from "zod";

/** The keys of the section `skills`. */
export const Skills = z.object({
  max_upload_size_mb: z
    .int()
    .min(1)
    .max(200)
    .default(20)
    .describe("The largest archive of a skill that may be uploaded, in MiB."),
});
