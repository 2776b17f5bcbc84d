-- What every dialogue begins with. `port` is handed in by the test, and `filter`: "fake" with
-- the fake coordinator, "real" with the whole filter.

-- miltertest ends with an error and keeps the message to itself.
function fail(what)
  mt.echo("not so: " .. what)
  error(what)
end

function must(what, condition)
  if not condition then fail(what) end
end

function ok(what, problem)
  if problem ~= nil then fail(what .. ": " .. problem) end
end

-- The manual names the flags in the other order: the first are sent as steps, the second as actions.
function negotiate(conn, version, actions, steps)
  ok("negotiate", mt.negotiate(conn, version, steps, actions))
end

-- A connection that has negotiated; without flags, the server offers all that the protocol has.
function connected(version, actions, steps)
  local conn = mt.connect("inet:" .. port .. "@127.0.0.1")
  must("connect", conn ~= nil)
  negotiate(conn, version, actions, steps)
  ok("conninfo", mt.conninfo(conn, "client.example.net", "192.0.2.1"))
  ok("helo", mt.helo(conn, "client.example.net"))
  return conn
end

-- A whole mail with this verdict, to its end.
function send(conn, verdict)
  ok("mail", mt.mailfrom(conn, "<sender@example.net>"))
  ok("rcpt", mt.rcptto(conn, "<rcpt@example.org>"))
  ok("data", mt.data(conn))
  ok("header", mt.header(conn, "From", "sender@example.net"))
  ok("header", mt.header(conn, "Subject", "Hello"))
  ok("header", mt.header(conn, "X-Spam", "No"))
  ok("header", mt.header(conn, "X-Spam", "Never"))
  ok("header", mt.header(conn, "X-Verdict", verdict))
  ok("eoh", mt.eoh(conn))
  ok("body", mt.bodystring(conn, "Hello\r\n"))
  ok("eom", mt.eom(conn))
end

function replied(conn, expected)
  local reply = mt.getreply(conn)
  must("reply is " .. string.char(reply), reply == expected)
end
