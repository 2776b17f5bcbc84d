#!/bin/sh
# Installs the programs that tests talk to, from Debian's packages. Does nothing when they are there already.
set -eu
PATH=$PATH:/usr/sbin:/sbin
missing=
need() { command -v "$1" >/dev/null 2>&1 || missing="$missing $2"; }
need nats-server nats-server
need rspamc rspamd
need postfix postfix
need swaks swaks
need miltertest miltertest
need redis-server redis-server
need openssl openssl
need opendkim opendkim
need unbound unbound
need dkimverify python3-dkim
perl -MMail::DKIM::Verifier -e1 2>/dev/null || missing="$missing libmail-dkim-perl"
perl -MMail::SPF -e1 2>/dev/null || missing="$missing libmail-spf-perl"
/usr/bin/python3 -c 'import nacl' 2>/dev/null || missing="$missing python3-nacl"
[ -n "$missing" ] || exit 0
if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null 2>&1; then
  echo "Tests need these packages of Debian:$missing" >&2
  echo "Install them, or run 'make peers' as root." >&2
  exit 69
fi
# The packages must not start their daemons: tests start their own.
guard=/usr/sbin/policy-rc.d
[ -e $guard ] || { printf '#!/bin/sh\nexit 101\n' >$guard; chmod +x $guard; trap 'rm -f $guard' EXIT; }
echo "installing$missing"
export DEBIAN_FRONTEND=noninteractive
# shellcheck disable=SC2086
apt-get install -y -q --no-install-recommends $missing >/dev/null 2>&1 || {
  apt-get update -q >/dev/null
  apt-get install -y -q --no-install-recommends $missing >/dev/null
}
