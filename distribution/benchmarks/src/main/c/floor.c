/* The physical floor of an event agent: subscribe, and posix_spawn each step of an event in the order of
 * their names, with the payload on its stdin. No checks, no order of events, no bounds, no log, so that
 * nothing which does the work can be much cheaper.
 *
 * usage: REDIS_ADDRESS=127.0.0.1:PORT floor [EVENTSDIR]
 *
 * Payloads are small: one must fit into a pipe. Without EVENTSDIR nothing is spawned, and it notes itself
 * when it hears an event: the floor of a handler that is called within the agent. */
#define _GNU_SOURCE
#include "stamps.h"
#include <arpa/inet.h>
#include <dirent.h>
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

enum { RUNS = 65536 };

struct run {
  pid_t step;
  int next, steps;
  struct dirent **names;
  char *directory, *payload;
  size_t length;
};

extern char **environ;
static struct stamps stamps; /* only without EVENTSDIR */
static struct run runs[RUNS]; /* those that run are the first ones */
static int running;

static int visible(const struct dirent *entry) { return entry->d_name[0] != '.'; }

static void forget(struct run *run) {
  while (run->steps > 0) {
    free(run->names[--run->steps]);
  }
  free(run->names);
  free(run->directory);
  free(run->payload);
}

/* Starts the run's next step; returns 0 where none is left. */
static int start(struct run *run) {
  if (run->next == run->steps) {
    return 0;
  }
  char path[4096];
  snprintf(path, sizeof path, "%s/%s", run->directory, run->names[run->next++]->d_name);
  int input[2];
  if (pipe2(input, O_CLOEXEC)) {
    return 0;
  }
  sigset_t none;
  sigemptyset(&none);
  posix_spawnattr_t attributes;
  posix_spawnattr_init(&attributes);
  posix_spawnattr_setsigmask(&attributes, &none);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, input[0], STDIN_FILENO);
  char *arguments[] = {path, NULL};
  int failed = posix_spawn(&run->step, path, &actions, &attributes, arguments, environ);
  posix_spawn_file_actions_destroy(&actions);
  posix_spawnattr_destroy(&attributes);
  close(input[0]);
  ssize_t written = failed ? 0 : write(input[1], run->payload, run->length);
  close(input[1]);
  return !failed && written >= 0;
}

static void reap(void) {
  int status;
  pid_t ended;
  while ((ended = waitpid(-1, &status, WNOHANG)) > 0) {
    int i = 0;
    while (i < running && runs[i].step != ended) {
      i++;
    }
    if (i < running && (status != 0 || !start(&runs[i]))) {
      forget(&runs[i]);
      runs[i] = runs[--running];
    }
  }
}

static void event(const char *root, char *channel, const char *payload, size_t length) {
  char *separator = strstr(channel, "/event/");
  if (!separator || running == RUNS) {
    return;
  }
  *separator = '\0';
  const char *name = separator + strlen("/event/");
  if (!root) {
    if (!strcmp(name, "stamp-taken")) {
      stamp(&stamps, payload, now());
    }
    return;
  }
  char path[4096];
  snprintf(path, sizeof path, "%s/%s", root, name);
  struct run *run = &runs[running];
  *run = (struct run) {.length = length};
  run->steps = scandir(path, &run->names, visible, alphasort);
  if (run->steps < 0) {
    return;
  }
  setenv("AGENT_EVENT_NAME", name, 1);
  setenv("AGENT_EVENT_SOURCE", channel, 1);
  run->directory = strdup(path);
  run->payload = memcpy(malloc(length + 1), payload, length);
  if (start(run)) {
    running++;
  } else {
    forget(run);
  }
}

/* Takes a line of the form "*N" or "$N" off the front; returns N, or -1 where it is not whole yet. */
static long head(char **at, char *end) {
  char *line = *at;
  char *stop = memmem(line, (size_t) (end - line), "\r\n", 2);
  if (!stop) {
    return -1;
  }
  *at = stop + 2;
  return strtol(line + 1, NULL, 10);
}

/* Takes one reply, an array, off the front of [at, end); returns what follows, or NULL at half a reply. */
static char *reply(const char *root, char *at, char *end) {
  char *words[4] = {NULL};
  long lengths[4] = {0};
  long count = head(&at, end);
  for (long i = 0; i < count; i++) {
    int text = at < end && *at == '$';
    long length = head(&at, end);
    if (length < 0 || (text && at + length + 2 > end)) {
      return NULL;
    }
    if (text) {
      words[i & 3] = at;
      lengths[i & 3] = length;
      at += length + 2;
    }
  }
  if (count == 4 && words[3]) {
    words[2][lengths[2]] = '\0';
    event(root, words[2], words[3], (size_t) lengths[3]);
  }
  return count < 0 ? NULL : at;
}

int main(int count, char **arguments) {
  const char *address = getenv("REDIS_ADDRESS");
  const char *root = count == 2 ? arguments[1] : NULL;
  if (count > 2 || !address || !strchr(address, ':') || (!root && !open_stamps(&stamps))) {
    fprintf(stderr, "usage: REDIS_ADDRESS=127.0.0.1:PORT [STAMPS=FILE] floor [EVENTSDIR]\n");
    return 2;
  }
  signal(SIGPIPE, SIG_IGN);
  sigset_t ended;
  sigemptyset(&ended);
  sigaddset(&ended, SIGCHLD);
  sigprocmask(SIG_BLOCK, &ended, NULL);
  int ends = signalfd(-1, &ended, SFD_CLOEXEC | SFD_NONBLOCK);

  struct sockaddr_in server = {.sin_family = AF_INET,
                               .sin_port = htons((uint16_t) atoi(strchr(address, ':') + 1)),
                               .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  int redis = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  static const char subscribe[] = "PSUBSCRIBE */event/*\r\n";
  if (connect(redis, (struct sockaddr *) &server, sizeof server)
      || write(redis, subscribe, sizeof subscribe - 1) < 0) {
    perror(address);
    return 1;
  }
  static char buffer[1 << 20];
  size_t held = 0;
  struct pollfd wait[] = {{.fd = redis, .events = POLLIN}, {.fd = ends, .events = POLLIN}};
  for (;;) {
    if (poll(wait, 2, -1) < 0 && errno != EINTR) {
      return 1;
    }
    if (wait[1].revents) {
      struct signalfd_siginfo told[16];
      while (read(ends, told, sizeof told) > 0) {
      }
      reap();
    }
    if (!wait[0].revents) {
      continue;
    }
    ssize_t got = read(redis, buffer + held, sizeof buffer - held);
    if (got <= 0) {
      return 0;
    }
    held += (size_t) got;
    char *at = buffer, *next;
    while ((next = reply(root, at, buffer + held))) {
      at = next;
    }
    held -= (size_t) (at - buffer);
    memmove(buffer, at, held);
  }
}
