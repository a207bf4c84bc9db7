/** Path parameters that do not name a tenant's resource, each with a valid value. */
export const FREE_PARAMETERS: Readonly<Record<string, string>> = {
  "sharing/{userID}": "somebody",
  "shares/{userID}": "somebody",
  "instances/{userID}": "somebody",
  "files/{fileName}": "USER.md",
  "files/{path}": "SKILL.md",
  "user/{userID}": "somebody",
  "files/{name}": "SOUL.md",
  "documents/{path}": "isolated.md",
  "assets/{file}": "docs.css",
  "builtin/{name}": "datetime",
  "user/{user_id}": "somebody",
};
