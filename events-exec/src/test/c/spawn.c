/*
 * The floor under ScriptBenchmark of distribution/benchmarks: the same children, started by C.
 *   cc -O2 -o target/spawn events-exec/src/test/c/spawn.c -lpthread
 *   target/spawn /bin/true
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { WARM_UP = 500, RUNS = 2000, AT_ONCE = 8 };

static char *program;
static char *environment[] = {"PATH=/usr/bin:/bin", NULL};

static long now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec * 1000000000L + t.tv_nsec;
}

static void drain(int fd) {
  char buffer[65536];
  while (read(fd, buffer, sizeof buffer) > 0) {
  }
  close(fd);
}

static void one(void) {
  int in[2], out[2], err[2];
  if (pipe2(in, O_CLOEXEC) || pipe2(out, O_CLOEXEC) || pipe2(err, O_CLOEXEC)) {
    abort();
  }
  if (write(in[1], "{}", 2) != 2) {
    abort();
  }
  close(in[1]);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, in[0], 0);
  posix_spawn_file_actions_adddup2(&actions, out[1], 1);
  posix_spawn_file_actions_adddup2(&actions, err[1], 2);
  posix_spawn_file_actions_addclosefrom_np(&actions, 3);
  posix_spawnattr_t attributes;
  posix_spawnattr_init(&attributes);
  sigset_t all, none;
  sigfillset(&all);
  sigemptyset(&none);
  posix_spawnattr_setsigdefault(&attributes, &all);
  posix_spawnattr_setsigmask(&attributes, &none);
  posix_spawnattr_setflags(
      &attributes, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK);
  char *argv[] = {program, NULL};
  pid_t pid;
  if (posix_spawn(&pid, program, &actions, &attributes, argv, environment)) {
    abort();
  }
  posix_spawnattr_destroy(&attributes);
  posix_spawn_file_actions_destroy(&actions);
  close(in[0]);
  close(out[1]);
  close(err[1]);
  drain(out[0]);
  drain(err[0]);
  int status;
  while (waitpid(pid, &status, 0) < 0 && errno == EINTR) {
  }
}

static void *many(void *unused) {
  for (int i = 0; i < RUNS / AT_ONCE; i++) {
    one();
  }
  return unused;
}

static int compare(const void *a, const void *b) {
  long x = *(const long *)a, y = *(const long *)b;
  return (x > y) - (x < y);
}

int main(int argc, char **argv) {
  program = argc > 1 ? argv[1] : "/bin/true";
  for (int i = 0; i < WARM_UP; i++) {
    one();
  }
  static long times[RUNS];
  for (int i = 0; i < RUNS; i++) {
    long start = now();
    one();
    times[i] = now() - start;
  }
  qsort(times, RUNS, sizeof *times, compare);
  long start = now();
  pthread_t threads[AT_ONCE];
  for (int i = 0; i < AT_ONCE; i++) {
    pthread_create(&threads[i], NULL, many, NULL);
  }
  for (int i = 0; i < AT_ONCE; i++) {
    pthread_join(threads[i], NULL);
  }
  printf("%-12s p50 %.3f ms  p99 %.3f ms  8 at once %.0f/s\n", "C", times[RUNS / 2] / 1e6,
         times[RUNS * 99 / 100] / 1e6, RUNS * 1e9 / (double)(now() - start));
}
