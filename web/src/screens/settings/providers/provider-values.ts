import type { InputOf } from "#client/index.ts";
import type { Provider, ProviderTypeName } from "#web/screens/settings/providers/provider-types.ts";

/** Stands for a credential that is stored, in both directions. */
const MASK = "***";

/** What the form of a provider holds. */
export interface ProviderValues {
  readonly name: string;
  readonly provider_type: ProviderTypeName;
  readonly display_name: string;
  readonly api_base: string;
  readonly api_key: string;
  /** An empty one is stored already. */
  readonly api_keys: readonly { readonly value: string }[];
  readonly settings: {
    readonly timeouts: { readonly first_token_ms: string; readonly idle_ms: string; readonly call_ms: string };
    readonly embedding: { readonly enabled: boolean; readonly model: string };
    readonly thought_marks: string;
    readonly project_id: string;
    readonly region: string;
  };
}

type Settings = NonNullable<InputOf<"providers.create">["settings"]>;

/** Returns what the form begins with: a stored provider, or none. */
export function toProviderValues(provider: Provider | undefined): ProviderValues {
  const { timeouts, embedding, thought_marks, project_id, region } = (provider?.settings ?? {}) as Settings;
  const toText = (value: number | undefined) => (value === undefined ? "" : String(value));
  return {
    name: provider?.name ?? "",
    provider_type: (provider?.provider_type ?? "anthropic_native") as ProviderTypeName,
    display_name: provider?.display_name ?? "",
    api_base: provider?.api_base ?? "",
    api_key: "",
    api_keys: (provider?.api_keys ?? []).map(() => ({ value: "" })),
    settings: {
      timeouts: {
        first_token_ms: toText(timeouts?.first_token_ms),
        idle_ms: toText(timeouts?.idle_ms),
        call_ms: toText(timeouts?.call_ms),
      },
      embedding: { enabled: embedding?.enabled ?? false, model: embedding?.model ?? "" },
      thought_marks: thought_marks ?? "usual",
      project_id: project_id ?? "",
      region: region ?? "",
    },
  };
}

/** Returns the settings to store. Those that the form does not show stay as they are. */
export function toSettings(stored: Settings, written: ProviderValues["settings"]): Settings {
  const { timeouts, embedding, thought_marks, project_id, region } = written;
  const limits = Object.fromEntries(
    Object.entries(timeouts).flatMap(([name, value]) => (value === "" ? [] : [[name, Number(value)]])),
  );
  const { timeouts: _, thought_marks: __, project_id: ___, region: ____, embedding: before, ...rest } = stored;
  const hasEmbedding = embedding.enabled || embedding.model !== "" || before !== undefined;
  const { model: _____, ...otherEmbedding } = before ?? {};
  return {
    ...rest,
    ...(Object.keys(limits).length > 0 && { timeouts: limits }),
    ...(hasEmbedding && {
      embedding: {
        ...otherEmbedding,
        enabled: embedding.enabled,
        ...(embedding.model !== "" && { model: embedding.model }),
      },
    }),
    ...(thought_marks !== "usual" && { thought_marks: thought_marks as "reasoning" | "text" }),
    ...(project_id !== "" && { project_id }),
    ...(region !== "" && { region }),
  };
}

/** Returns the further keys to store: those that were written, and the mask for those that are stored. */
export const toKeys = (written: ProviderValues["api_keys"], stored: number): readonly string[] =>
  written.flatMap(({ value }, place) => (value !== "" ? [value] : place < stored ? [MASK] : []));
