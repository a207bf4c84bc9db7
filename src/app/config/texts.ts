import { z } from "zod";

/** A list of texts of the configuration, empty by default. */
export const texts = () => z.array(z.string().min(1)).readonly().default([]);
