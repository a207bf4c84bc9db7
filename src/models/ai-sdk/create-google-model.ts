import { createGoogleGenerativeAI } from "@ai-sdk/google";
import type { AdapterOptions } from "#models/adapter-options.ts";
import { encodeModelPath } from "#models/addresses/encode-model-path.ts";
import { createAiSdkModel } from "#models/ai-sdk/create-ai-sdk-model.ts";
import { GoogleAnswer } from "#models/ai-sdk/google-answer.ts";
import { toGoogleOptions } from "#models/ai-sdk/to-google-options.ts";
import type { LanguageModel } from "#models/language-model.ts";

/** Creates the model interface for one server that speaks Google's own format. */
export const createGoogleModel = ({ baseUrl, apiKey, egress }: AdapterOptions): LanguageModel =>
  createAiSdkModel(egress, {
    createProvider: (fetch) => createGoogleGenerativeAI({ baseURL: baseUrl, apiKey: apiKey.reveal(), fetch }),
    toModelId: encodeModelPath,
    createAnswer: () => new GoogleAnswer(),
    toCallOptions: toGoogleOptions,
  });
