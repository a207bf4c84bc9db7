/** Makes a form with one file. */
export function aForm(name: string, content: string | Uint8Array<ArrayBuffer> | Blob, field = "file"): FormData {
  const form = new FormData();
  form.set(field, new File([content], name));
  return form;
}
