// Node's own modules that every start needs. Node ships them compiled, which V8 believes only while its flags are those that
// Node was built with: they are loaded before shared/pattern/engine.ts sets others.

import "node:assert";
import "node:child_process";
import "node:cluster";
import "node:crypto";
import "node:dgram";
import "node:dns/promises";
import "node:fs/promises";
import "node:http2";
import "node:https";
import "node:perf_hooks";
import "node:tls";
import "node:worker_threads";
import "node:zlib";

// Not by an import, which would read every export and so load a whole client of HTTP (fetch, WebSocket) that nobody uses.
process.getBuiltinModule("node:http");
