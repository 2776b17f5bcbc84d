-- Changes that come with a verdict, with and without blanks in header values.
local verdict = '{"changes": {"removeHeaders": [{"name": "X-Spam", "index": -1}],' ..
  ' "addHeaders": [{"name": "X-End", "value": "1", "order": -1}, {"name": "X-Top", "value": "a\\r\\n b", "order": 0}],' ..
  ' "changeFrom": "new@example.net", "addRcpts": ["added@example.org"], "deleteRcpts": ["rcpt@example.org"],' ..
  ' "dkimSignatures": ["v=1; b=abc"]}}'
local conn = connected(6)
send(conn, verdict)
replied(conn, SMFIR_ACCEPT)
must("removed", mt.eom_check(conn, MT_HDRDELETE, "x-spam"))
must("at the end", mt.eom_check(conn, MT_HDRADD, "X-End", " 1"))
must("at the top", mt.eom_check(conn, MT_HDRINSERT, "X-Top", " a\n b", 0))
must("signed", mt.eom_check(conn, MT_HDRINSERT, "DKIM-Signature", " v=1; b=abc", 1))
must("added", mt.eom_check(conn, MT_RCPTADD, "<added@example.org>"))
must("gone", mt.eom_check(conn, MT_RCPTDELETE, "<rcpt@example.org>"))
ok("disconnect", mt.disconnect(conn))

conn = connected(6, 511, 127)
send(conn, verdict)
must("no blank", mt.eom_check(conn, MT_HDRADD, "X-End", "1"))
ok("disconnect", mt.disconnect(conn))

-- A server that can only add recipients is asked for nothing else.
conn = connected(6, SMFIF_ADDRCPT, 127)
send(conn, verdict)
replied(conn, SMFIR_ACCEPT)
must("added", mt.eom_check(conn, MT_RCPTADD, "<added@example.org>"))
must("nothing else", not mt.eom_check(conn, MT_HDRADD) and not mt.eom_check(conn, MT_RCPTDELETE, "<rcpt@example.org>"))
ok("disconnect", mt.disconnect(conn))
