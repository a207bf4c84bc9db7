import type { Page } from "playwright-core";

/** Chooses in the combobox of a name by the keyboard alone: as a person does, who looks before the next key. */
export async function chooseOption(page: Page, name: string, text: string): Promise<void> {
  await page.getByRole("combobox", { name }).press("Enter");
  await page.locator("input[role=combobox]:focus").waitFor();
  await page.keyboard.type(text);
  await page.getByRole("option", { name: new RegExp(text, "i"), selected: true }).waitFor();
  await page.keyboard.press("Enter");
  await page.getByRole("listbox").waitFor({ state: "detached" });
}
