import { printOpenApi } from "#app/print-openapi.ts";

export const runOpenApi = async (): Promise<void> => printOpenApi();
