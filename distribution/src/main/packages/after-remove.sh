#!/bin/sh
# Debian says "remove", later "purge"; RPM, which knows no purge, how many versions are left.
set -e
if [ "$1" = purge ]; then
  rm -rf /etc/events /var/lib/events /usr/lib/events
fi
case $1 in
  purge | 0)
    # What "systemctl enable" has made.
    rm -f /etc/systemd/system/*.wants/events-host.service \
      /etc/systemd/system/*.wants/events-agent@*.service \
      /etc/systemd/system/*.wants/events-recorder@*.service
    ;;
esac
if [ -d /run/systemd/system ]; then
  systemctl daemon-reload
fi
