// Where an import of Sluice's own leads: exactly to what it says. Node would look at the disk for each of some 1,400, in
// case a name is a symbolic link or the type of a file depends on a package.json, and that is a tenth of a start.

import { registerHooks } from "node:module";

const tree = new URL("../", import.meta.url).href;

registerHooks({
  resolve(specifier, context, next) {
    const { parentURL } = context;
    if (!specifier.startsWith(".") || !specifier.endsWith(".ts") || parentURL?.startsWith(tree) !== true) {
      return next(specifier, context);
    }
    return { url: new URL(specifier, parentURL).href, format: "module-typescript", shortCircuit: true };
  },
});
