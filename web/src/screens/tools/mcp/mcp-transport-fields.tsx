import { Controller } from "react-hook-form";
import { useTexts } from "#web/i18n/use-texts.tsx";
import type { Form } from "#web/live/use-form.ts";
import type { McpDraft } from "#web/screens/tools/mcp/mcp-draft.ts";
import { SecretPairs } from "#web/screens/tools/parts/secret-pairs.tsx";
import { Field } from "#web/ui/fields/field.tsx";
import { SecretInput, TextArea, TextInput } from "#web/ui/fields/text-input.tsx";

interface McpTransportFieldsProps {
  readonly form: Form<McpDraft>;
  readonly transport: McpDraft["transport"];
  /** A key is stored already. */
  readonly hasKey: boolean;
}

/** What a transport needs: an address with headers, or a command with variables. */
export function McpTransportFields({ form, transport, hasKey }: McpTransportFieldsProps) {
  const { tools: words } = useTexts();
  const { register, control, errorOf } = form;
  const isProcess = transport === "stdio";
  const secrets = isProcess ? "env" : "headers";
  return (
    <>
      {isProcess ? (
        <>
          <Field label={words.command} hint={words.mcpCommandHint} error={errorOf("command")} isRequired>
            <TextInput {...register("command")} isMono autoComplete="off" spellCheck={false} />
          </Field>
          <Field label={words.args} hint={words.argsHint} error={errorOf("args")}>
            <TextArea {...register("args")} rows={3} autoGrow isMono spellCheck={false} />
          </Field>
        </>
      ) : (
        <Field label={words.url} error={errorOf("url")} isRequired>
          <TextInput
            {...register("url")}
            type="url"
            isMono
            placeholder="https://"
            autoComplete="off"
            spellCheck={false}
          />
        </Field>
      )}
      <Field label={words.apiKey} hint={words.apiKeyHint} error={errorOf("api_key")}>
        <SecretInput {...register("api_key")} placeholder={hasKey ? words.stored : ""} />
      </Field>
      <Controller
        key={secrets}
        control={control}
        name={secrets}
        render={({ field: { value, onChange } }) => (
          <SecretPairs label={isProcess ? words.env : words.headers} pairs={value} onChange={onChange} />
        )}
      />
    </>
  );
}
