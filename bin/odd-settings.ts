// What sections that different services declare say of settings together.

import { config as coordinatorConfig } from "../services/coordinator/config.ts";
import { settingsConfig } from "../services/coordinator/settings-rule.ts";
import { idWarning, orderWarnings } from "../services/coordinator/settings-warnings.ts";
import { milterConfig } from "../services/milter/config.ts";
import type { LiveConfig } from "../shared/config/live.ts";

/** Warnings for whoever loads a configuration. */
export function oddSettings(config: Pick<LiveConfig, "get">): readonly string[] {
  const { settings } = config.get(settingsConfig);
  const { milter } = config.get(milterConfig);
  const missing = idWarning("milter.settings_id", milter.settings_id, settings);
  return [
    ...orderWarnings(settings, config.get(coordinatorConfig).actions),
    ...(missing === undefined ? [] : [missing]),
  ];
}
