import { Plus } from "lucide-react";
import { useState } from "react";
import { useTexts } from "#web/i18n/use-texts.tsx";
import { ChannelForm } from "#web/screens/channels/form/channel-form.tsx";
import { Button } from "#web/ui/button.tsx";

/** Opens the form of a new channel. */
export function NewChannelButton() {
  const { channels: words } = useTexts();
  const [isOpen, setIsOpen] = useState(false);
  return (
    <>
      <Button variant="primary" icon={Plus} onClick={() => setIsOpen(true)}>
        {words.create}
      </Button>
      {isOpen && <ChannelForm onClose={() => setIsOpen(false)} />}
    </>
  );
}
