import { serve } from "#app/serve.ts";

export const runServe = (): Promise<void> => serve();
