/* The file named by STAMPS: an array of 64-bit numbers that the harness has mapped too. Slot 0 counts what
 * was answered, slot 1 + N is the time at which event N was, whose payload is {"n":N}. The clock is that of
 * Java's System.nanoTime. */
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <time.h>

struct stamps {
  uint64_t *slots;
  uint64_t count;
};

static uint64_t now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (uint64_t) time.tv_sec * 1000000000u + (uint64_t) time.tv_nsec;
}

static int open_stamps(struct stamps *stamps) {
  const char *name = getenv("STAMPS");
  int file = name ? open(name, O_RDWR | O_CLOEXEC) : -1;
  struct stat status;
  if (file < 0 || fstat(file, &status)) {
    return 0;
  }
  stamps->slots = mmap(NULL, (size_t) status.st_size, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
  stamps->count = (uint64_t) status.st_size / sizeof(uint64_t);
  return stamps->slots != MAP_FAILED;
}

static int stamp(struct stamps *stamps, const char *payload, uint64_t time) {
  static const char before[] = "{\"n\":";
  uint64_t slot = 1 + strtoull(payload + sizeof before - 1, NULL, 10);
  if (strncmp(payload, before, sizeof before - 1) || slot >= stamps->count) {
    return 0;
  }
  stamps->slots[slot] = time;
  __atomic_fetch_add(stamps->slots, 1, __ATOMIC_SEQ_CST);
  return 1;
}
