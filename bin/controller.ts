// How commands reach the controller of the running filter.

/** For parseArgs. */
export const controllerOptions = {
  address: { type: "string", default: "http://127.0.0.1:11334" },
  password: { type: "string" },
} as const;

/** The header that opens the controller, when there is a password. */
export function passwordHeader(given: string | undefined): { readonly password?: string } {
  const password = given ?? process.env.SLUICE_PASSWORD;
  return password === undefined ? {} : { password };
}
