#!/bin/sh
# Starts the image that this file is part of, wherever that lies. A link to it, or a chain of links,
# will do. Nothing is forked unless there is one: the agent should be up in a blink.
self=$0
if [ -h "$self" ]; then
  self=$(readlink -f -- "$self") || exit
fi
image=${self%/*}/..
# Only the locale tells the JVM how arguments and names of files are encoded. They are UTF-8 here, and
# the steps get the LC_ALL that was given, if one was: the agent puts it back.
export EVENTS_GIVEN_LC_ALL="${LC_ALL+=$LC_ALL}" LC_ALL=C.UTF-8
exec "$image/bin/java" "@$image/lib/events.options" "-XX:AOTCache=$image/lib/events.aot" \
  -m org.nethserver.events.agent/org.nethserver.events.agent.Main @arguments@"$@"
