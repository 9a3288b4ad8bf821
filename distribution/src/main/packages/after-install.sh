#!/bin/sh
# Debian says "configure" and the version that was there before, if one was; RPM how many there are now.
set -e
[ -d /run/systemd/system ] || exit 0
systemctl daemon-reload
case "$1 ${2:-}" in
  'configure '?* | [2-9]*) ;;
  *) exit 0 ;;
esac

running() {
  systemctl list-units --plain --no-legend --state=active,activating "$@" | cut -d ' ' -f 1
}

# Agents finish what they run, and are started anew by systemd.
for unit in $(running events-host.service 'events-agent@*.service'); do
  systemctl kill --signal=USR1 --kill-whom=main "$unit" || true
done
# One after the other, so that another one records.
for unit in $(running 'events-recorder@*.service'); do
  timeout 30 systemctl try-restart "$unit" || true
done
