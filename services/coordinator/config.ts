// Configuration of the coordinator: sections that Rspamd's operators know.

import { optionsConfig } from "../../shared/options.ts";
import { compositesConfig } from "./composites-config.ts";
import { forceActionsConfig } from "./force-actions.ts";
import { milterHeadersConfig } from "./headers/config.ts";
import { settingsConfig } from "./settings-rule.ts";
import { actionsField } from "./thresholds.ts";
import { groupField } from "./weights.ts";

export const config = {
  ...optionsConfig,
  actions: actionsField,
  group: groupField,
  ...compositesConfig,
  ...settingsConfig,
  ...forceActionsConfig,
  ...milterHeadersConfig,
};
