export { loginFeature } from "#features/logins/feature.ts";
export { createLoginDirectory } from "#features/logins/login-directory.ts";
export { offerLogin } from "#features/logins/offer-login.ts";
export { signIn } from "#features/logins/sign-in.ts";
