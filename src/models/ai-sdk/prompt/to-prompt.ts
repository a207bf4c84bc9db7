import type { JSONObject, LanguageModelV3Message, LanguageModelV3Prompt } from "@ai-sdk/provider";
import { toCallArguments, toSentName } from "#models/call-arguments.ts";
import type {
  ModelFile,
  ModelMessage,
  ModelMetadata,
  ModelReasoning,
  ModelText,
  ModelToolCall,
  ModelToolResult,
} from "#models/language-model.ts";
import { moveResultFiles } from "#models/messages/result-files.ts";
import { withStandIns } from "#models/messages/with-stand-ins.ts";
import { withoutBlanks } from "#models/messages/without-blanks.ts";
import { metadataOf } from "#models/metadata-of.ts";

type ToolOutput = Extract<
  Extract<LanguageModelV3Message, { role: "tool" }>["content"][number],
  { type: "tool-result" }
>["output"];
type AssistantContent = Extract<LanguageModelV3Message, { role: "assistant" }>["content"];

/** The adapter of a provider, and the types of files that its models take. */
export interface PromptTarget {
  readonly adapter: string;
  readonly takes: (mediaType: string) => boolean;
}

/** Converts our messages into the SDK's. Sends only metadata that the same adapter wrote. */
export const toPrompt = (messages: readonly ModelMessage[], target: PromptTarget): LanguageModelV3Prompt =>
  moveResultFiles(withoutBlanks(messages), ({ isError }) => isError)
    .map((message) => toMessage(message, target))
    .filter(({ content }) => content.length > 0);

function toMessage(message: ModelMessage, { adapter, takes }: PromptTarget): LanguageModelV3Message {
  switch (message.role) {
    case "system":
      return { role: "system", content: message.text };
    case "user":
      return { role: "user", content: withStandIns(message.parts, takes).map(toUserPart) };
    case "assistant":
      return { role: "assistant", content: message.parts.flatMap((part) => toAssistantPart(part, adapter)) };
    case "tool":
      return {
        role: "tool",
        content: message.results.map((result) => ({
          type: "tool-result",
          toolCallId: result.callId,
          toolName: toSentName(result.name),
          output: toOutput(result),
        })),
      };
  }
}

/** The SDK marks a result as failed only if it is text alone, so the images of such a result stand after it. */
function toOutput({ text, isError, files = [] }: ModelToolResult): ToolOutput {
  if (files.length === 0) return { type: isError ? "error-text" : "text", value: text };
  return { type: "content", value: [{ type: "text", text }, ...files.map(toImageData)] };
}

const toImageData = ({ mediaType, bytes }: ModelFile) => ({
  type: "image-data" as const,
  mediaType,
  data: Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("base64"),
});

function toUserPart(part: ModelText | ModelFile) {
  if (part.type === "text") return { type: "text" as const, text: part.text };
  const { mediaType, bytes, filename } = part;
  return { type: "file" as const, mediaType, data: bytes, ...(filename !== undefined && { filename }) };
}

/** Drops reasoning that has no metadata from this adapter: the provider would refuse it or treat it as text. */
function toAssistantPart(
  part: ModelText | ModelReasoning | ModelToolCall,
  adapter: string,
): readonly AssistantContent[number][] {
  switch (part.type) {
    case "text":
      return [{ type: "text", text: part.text }];
    case "reasoning": {
      const own = toProviderOptions(part.metadata, adapter);
      return own === undefined ? [] : [{ type: "reasoning", text: part.text, ...own }];
    }
    case "tool_call":
      return [
        {
          type: "tool-call",
          toolCallId: part.id,
          toolName: toSentName(part.name),
          input: toCallArguments(part.arguments).value,
          ...toProviderOptions(part.metadata, adapter),
        },
      ];
  }
}

/** Safe: the same adapter produced the metadata in this shape. */
function toProviderOptions(metadata: ModelMetadata | undefined, adapter: string) {
  const own = metadataOf(metadata, adapter);
  return own && { providerOptions: { [adapter]: own as JSONObject } };
}
