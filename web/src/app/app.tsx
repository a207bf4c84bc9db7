import { useEffect, useState } from "react";
import { Preferences, type PreferencesValue } from "#web/app/preferences.tsx";
import { SignIn } from "#web/app/sign-in/sign-in.tsx";
import { useSession } from "#web/app/sign-in/use-session.ts";
import { SignedIn } from "#web/app/signed-in.tsx";
import { applyTheme, findTheme, keepTheme, type Theme } from "#web/app/theme.ts";
import { keepLanguage, type Language } from "#web/i18n/languages.ts";
import { loadTexts, type Texts } from "#web/i18n/texts.ts";
import { TextsProvider } from "#web/i18n/use-texts.tsx";
import { DraftsProvider } from "#web/live/drafts.tsx";
import { LoadingState } from "#web/ui/states.tsx";
import { ToastProvider } from "#web/ui/toast.tsx";
import { TooltipRoot } from "#web/ui/tooltip.tsx";

interface Words {
  readonly language: Language;
  readonly texts: Texts;
}

/** The whole dashboard, from the choice of the language on. */
export function App({ first }: { readonly first: Words }) {
  const [words, setWords] = useState(first);
  const [theme, setTheme] = useState<Theme>(findTheme);
  useEffect(() => {
    document.documentElement.lang = words.language;
  }, [words]);

  const preferences: PreferencesValue = {
    theme,
    setTheme(next) {
      keepTheme(next);
      applyTheme(next);
      setTheme(next);
    },
    async setLanguage(language) {
      const texts = await loadTexts(language);
      keepLanguage(language);
      setWords({ language, texts });
    },
  };
  return (
    <TextsProvider language={words.language} texts={words.texts}>
      <Preferences value={preferences}>
        <TooltipRoot>
          <ToastProvider>
            <DraftsProvider>
              <Door language={words.language} />
            </DraftsProvider>
          </ToastProvider>
        </TooltipRoot>
      </Preferences>
    </TextsProvider>
  );
}

/** Shows the screens to those who are signed in, and the way in to all others. */
function Door({ language }: { readonly language: Language }) {
  const session = useSession(language);
  if (session.state.kind === "looking") return <LoadingState />;
  if (session.state.kind === "out") return <SignIn session={session} refusal={session.state.refusal} />;
  // Another caller, tenant or language is another connection.
  const { caller, tenant } = session.state;
  return (
    <SignedIn
      key={`${caller.user_id} ${tenant} ${language}`}
      {...{ caller, tenant, language }}
      onTenant={session.chooseTenant}
      onSignOut={session.signOut}
      onRefused={session.look}
    />
  );
}
