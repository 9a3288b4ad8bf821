#!/bin/sh
# Starts the image that this file is part of, wherever that lies. A link to it, or a chain of links,
# will do. Nothing is forked unless there is one: the agent should be up in a blink.
self=$0
if [ -h "$self" ]; then
  self=$(readlink -f -- "$self") || exit
fi
image=${self%/*}/..
exec "$image/bin/java" "@$image/lib/events.options" "-XX:AOTCache=$image/lib/events.aot" \
  -m org.nethserver.events.agent/org.nethserver.events.agent.Main @arguments@"$@"
