import { type FormEvent, useCallback, useState } from "react";
import type { GoClawError } from "#client/index.ts";
import { PairingRequest } from "#web/app/sign-in/pairing-request.tsx";
import type { Session } from "#web/app/sign-in/use-session.ts";
import { useTexts } from "#web/i18n/use-texts.tsx";
import { Button } from "#web/ui/button.tsx";
import { Field } from "#web/ui/fields/field.tsx";
import { SecretInput, TextInput } from "#web/ui/fields/text-input.tsx";
import { Callout } from "#web/ui/page/callout.tsx";
import { Card } from "#web/ui/page/card.tsx";
import { CodeBlock } from "#web/ui/text/code-block.tsx";

interface SignInProps {
  readonly session: Session;
  /** Why the last way in failed. */
  readonly refusal?: GoClawError | undefined;
}

/** The ways in: a one-time link, a token or key, and the approval of an administrator. */
export function SignIn({ session, refusal: before }: SignInProps) {
  const { signIn: words } = useTexts();
  const [refusal, setRefusal] = useState(before);
  const [isBusy, setIsBusy] = useState(false);

  async function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const [token, user] = ["token", "user"].map((name) => String(form.get(name) ?? "").trim());
    if (!token) return;
    setIsBusy(true);
    await session.signIn({ token, ...(user && { user_id: user }) }).catch(setRefusal);
    setIsBusy(false);
  }

  // A stable function: the pairing asks again and again with it.
  const { signIn } = session;
  const letIn = useCallback((sender_id: string) => signIn({ sender_id }).catch(setRefusal), [signIn]);

  return (
    <main className="mx-auto flex min-h-dvh max-w-md flex-col justify-center gap-4 p-4">
      <h1 className="text-title font-semibold">{words.title}</h1>
      {refusal && (
        <Callout tone="bad" title={refusal.code === "CONNECTION_FAILED" ? words.unreachable : refusal.message}>
          {refusal.requestId}
        </Callout>
      )}
      <Card>
        <div className="flex flex-col gap-2">
          <p>{words.byLink}</p>
          <CodeBlock code="npx goclaw dashboard" />
        </div>
      </Card>
      <Card title={words.byToken}>
        <form className="flex flex-col gap-4" onSubmit={submit}>
          <Field label={words.token} hint={words.tokenHint}>
            <SecretInput name="token" required />
          </Field>
          <Field label={words.user} hint={words.userHint}>
            <TextInput name="user" autoComplete="username" />
          </Field>
          <Button type="submit" variant="primary" isBusy={isBusy}>
            {words.submit}
          </Button>
        </form>
      </Card>
      <Card title={words.byPairing}>
        <PairingRequest onApproved={letIn} />
      </Card>
    </main>
  );
}
