/** Returns whether a request, in any wire format, offers tools that the model may call. */
export const isOffered = (body: {
  readonly tools?: readonly unknown[];
  readonly tool_choice?: "none" | { readonly type?: string };
}): boolean => {
  const choice = typeof body.tool_choice === "object" ? body.tool_choice.type : body.tool_choice;
  return (body.tools ?? []).length > 0 && choice !== "none";
};
