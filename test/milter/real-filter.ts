// The whole filter as the tests of this folder configure it.

import { join } from "node:path";
import { type Sluice, startSluice } from "../servers/sluice.ts";

const config = `
actions {
  reject = 60;
  rewrite_subject = 28;
  add_header = 6;
  "move to archive" { flags = ["no_threshold"]; }
  subject = "*** SPAM *** %s";
}
gtube { patterns = "all"; }
milter_headers {
  use = ["x-spamd-result", "x-rspamd-action", "x-spam-status", "x-spam-level", "authentication-results"];
  # All mail of these tests comes from this machine.
  skip_local = false;
}
settings {
  friend {
    rcpt = "friend@example.org";
    apply { actions { "add header" = 500; "rewrite subject" = 600; reject = 700; } }
  }
  strict {
    rcpt = "strict@example.org";
    apply { actions { reject = 7; } messages { smtp_message = "Not for this recipient"; } }
  }
  grey {
    rcpt = "grey@example.org";
    apply { actions { greylist = 1; "add header" = 500; "rewrite subject" = 600; reject = 700; }
            messages { smtp_message = "Never said with greylist"; } }
  }
  german {
    rcpt = "german@example.org";
    apply { subject = "[SPÄM] %s"; }
  }
}
`;

export function startRealFilter(): Promise<Sluice> {
  return startSluice({ config, actors: [join(import.meta.dirname, "told")] });
}
