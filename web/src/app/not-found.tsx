import { Link } from "@tanstack/react-router";
import { Compass } from "lucide-react";
import { useTexts } from "#web/i18n/use-texts.tsx";
import { Button } from "#web/ui/button.tsx";
import { EmptyState } from "#web/ui/states.tsx";

/** Says that there is no such page. */
export function NotFound() {
  const { shell } = useTexts();
  return (
    <EmptyState
      icon={Compass}
      title={shell.noSuchPage}
      action={
        <Button asChild>
          <Link to="/">{shell.goHome}</Link>
        </Button>
      }
    />
  );
}
