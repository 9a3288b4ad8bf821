#!/bin/sh
# Run by the JVM when its heap is full, before it ends: tells which handlers ran. They stand in a file
# without name among the agent's descriptors, one a line.
running=
for descriptor in "/proc/$1/fd/"*; do
  case $(readlink -- "$descriptor") in
    */events-handlers-*)
      while IFS= read -r line; do
        running=$running${line:+${running:+, }$line}
      done < "$descriptor"
      ;;
  esac
done
printf '<2>Out of memory: the heap is full, and the agent ends at once. Handlers that ran: %s.%s\n' \
  "${running:-none}" " Mend what holds too much, or raise -Xmx in lib/events.options" >&2
