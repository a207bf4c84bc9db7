import { useTexts } from "#web/i18n/use-texts.tsx";
import { Section } from "#web/ui/page/card.tsx";
import { CodeBlock } from "#web/ui/text/code-block.tsx";

const toSample = (url: string): string => `SECRET='the secret of this channel'
BODY='{"message_id":"m-1","sender_id":"ann","text":"Hello!"}'
TIME=$(date +%s)
SIGNATURE=$(printf '%s.%s' "$TIME" "$BODY" | openssl dgst -sha256 -hmac "$SECRET" -hex | sed 's/^.* //')

curl '${url}' \\
  -H "Content-Type: application/json" \\
  -H "X-GoClaw-Timestamp: $TIME" \\
  -H "X-GoClaw-Signature: v1=$SIGNATURE" \\
  -d "$BODY"`;

/** How a program of one's own writes to an account: the address to copy, and commands that work. */
export function WebhookGuide({ id }: { readonly id: string }) {
  const { channels: words } = useTexts();
  const url = `${location.origin}/v1/channels/webhook/${id}`;
  return (
    <Section title={words.webhookTitle} description={words.webhookHint}>
      <CodeBlock code={url} wrap />
      <CodeBlock code={toSample(url)} language="sh" />
    </Section>
  );
}
