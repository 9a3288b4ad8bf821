#!/bin/sh
# Debian says "remove", or "upgrade"; RPM how many versions will be left.
set -e
case $1 in
  remove | 0)
    if [ -d /run/systemd/system ]; then
      systemctl stop events-host.service 'events-agent@*.service' 'events-recorder@*.service'
    fi
    ;;
esac
