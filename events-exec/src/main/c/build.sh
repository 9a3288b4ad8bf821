#!/bin/sh
# Compiles the library that starts processes. Called by the build: build.sh OUTPUT-DIRECTORY
# No C library, since its state belongs to the process that shares its memory with ours for a moment;
# so no stack protector either, whose canary is there.
set -eu
source=$(dirname "$0")/start.c
mkdir -p "$1"
if ! cc -std=c11 -O2 -Wall -Wextra -Wconversion -Werror \
    -shared -fPIC -ffreestanding -nostdlib -fno-stack-protector -fvisibility=hidden \
    -Wl,-z,defs -Wl,-z,now -Wl,-z,relro -Wl,-z,noexecstack \
    -o "$1/libevents-exec.so" "$source"; then
  echo "The library that starts processes was not compiled; if headers are missing, install libc6-dev" \
    "(Debian) or kernel-headers (Fedora and its kin)." >&2
  exit 1
fi
