// Variables of a configuration: $NAME and ${NAME} in strings, env.NAME in templates.

import { hostname } from "node:os";
import { dirname } from "node:path";
import { nearest } from "./nearest.ts";

export type Variables = ReadonlyMap<string, string>;
export type Environment = Readonly<Record<string, string | undefined>>;

/** Variables that the environment sets: SLUICE_NAME, or RSPAMD_NAME as Rspamd has it, is NAME. SLUICE_ wins. */
export function environmentVariables(environment: Environment): Map<string, string> {
  const variables = new Map<string, string>();
  for (const prefix of ["RSPAMD_", "SLUICE_"]) {
    for (const [name, value] of Object.entries(environment)) {
      if (value !== undefined && name.startsWith(prefix)) variables.set(name.slice(prefix.length), value);
    }
  }
  return variables;
}

/** Variables that hold without any environment. Folders are where a package of Sluice puts things. */
function standardVariables(folder: string): Map<string, string> {
  return new Map([
    ["CONFDIR", folder],
    ["LOCAL_CONFDIR", folder],
    ["DBDIR", "/var/lib/sluice"],
    ["RUNDIR", "/run/sluice"],
    ["LOGDIR", "/var/log/sluice"],
    ["PREFIX", "/usr"],
    ["SHAREDIR", "/usr/share/sluice"],
    ["PLUGINSDIR", "/usr/share/sluice/plugins"],
    ["RULESDIR", "/usr/share/sluice/rules"],
    ["LUALIBDIR", "/usr/share/sluice/lualib"],
    ["WWWDIR", "/usr/share/sluice/www"],
    ["HOSTNAME", hostname()],
    ["VERSION", "0.1.0"],
    ["VERSION_MAJOR", "0"],
    ["VERSION_MINOR", "1"],
    ["BRANCH_VERSION", "0.1"],
  ]);
}

/** Variables of a file that is being read: where it lies. */
export function placeVariables(file: string): Map<string, string> {
  return new Map([
    ["FILENAME", file],
    ["CURDIR", dirname(file)],
  ]);
}

export function variablesOf(folder: string, environment: Environment): Map<string, string> {
  return new Map([...standardVariables(folder), ...environmentVariables(environment)]);
}

const nameShape = /\$(?:\$|\{([A-Za-z_][A-Za-z0-9_]{0,63})\}|([A-Za-z_][A-Za-z0-9_]{0,63}))/g;

/**
 * Puts the values of known variables into a string. Unknown ones stay as they are, for log formats and expressions are
 * full of "$"; an unknown `${NAME}` in capitals is told to `unknown`, with the name that was probably meant.
 */
export function expand(
  text: string,
  variables: Variables,
  unknown: (name: string, probably: string | undefined) => void,
): string {
  if (!text.includes("$")) return text;
  return text.replace(nameShape, (whole: string, braced: string | undefined, bare: string | undefined) => {
    if (braced !== undefined) {
      const value = variables.get(braced);
      if (value === undefined && braced === braced.toUpperCase()) unknown(braced, nearest(braced, variables.keys()));
      return value ?? whole;
    }
    if (bare === undefined) return whole;
    // $DBDIR_old is $DBDIR and "_old": as in libucl, the longest known name at the start counts.
    for (let length = bare.length; length > 0; length--) {
      const value = variables.get(bare.slice(0, length));
      if (value !== undefined) return value + bare.slice(length);
    }
    return whole;
  });
}
