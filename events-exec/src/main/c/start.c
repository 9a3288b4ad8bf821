/*
 * Starts a process in one call: makes its pipes, clones, and waits until the child has become the
 * program or failed. The child shares all memory with the Java machine until then, so nothing here
 * calls the C library, whose state belongs to the parent: there are only system calls.
 *
 * The parent does not wait by CLONE_VFORK. A child that runs as another user can be stopped by that
 * user, or made to hang in a directory of his, and with it would hang whoever starts the steps of
 * all. So the wait has an end; the memory then stays the child's for as long as it lives.
 */
#include <asm/unistd.h>
#include <linux/capability.h>
#include <linux/errno.h>
#include <linux/fcntl.h>
#include <linux/futex.h>
#include <linux/resource.h>
#include <linux/sched.h>
#include <linux/signal.h>
#include <linux/time_types.h>
#include <stddef.h>
#include <stdint.h>

enum { LAST_SIGNAL = 64, ALL_SIGNALS = 8, NOT_STARTED = 127 };

/* The call that failed: StartFailure.java knows these numbers. */
enum { PIPE = 1, CLONE, GROUP, REDIRECT, CLOSE, BECOME, ENTER, EXEC };

/* Laid out alike in StartCall.java. */
struct start {
  /* What to run, as execve takes it; where, or null. */
  const char *file;
  char *const *arguments;
  char *const *environment;
  const char *directory;
  /* What to leave in its stdin before it runs: a part of the whole. */
  const char *payload;
  int64_t payload_part;
  int64_t payload_whole;
  /* As whom; a negative count: as this process. */
  const uint32_t *groups;
  int64_t group_count;
  uint32_t uid;
  uint32_t gid;
  /* How many nanoseconds to wait for it; what it runs on until then. */
  int64_t patience;
  char *stack;
  int64_t stack_size;
  /* The signals whose default the child has to set. */
  uint64_t defaults;
  /* An open cgroup to run in, or -1. */
  int32_t cgroup;

  /* What came of it. Read end and write end of stdin, stdout, stderr; the child's are closed by now,
   * as is ours of stdin, then -1, if all of the payload is in it. */
  int32_t pipes[6];
  int32_t written;
  int32_t pid;
  int32_t pidfd;
  /* Not 0: it was not waited for any longer. */
  int32_t late;
  /* Why it is not in its cgroup; which call failed, and why. */
  int32_t cgroup_error;
  int32_t call;
  int32_t error;
  /* Until the kernel sets it to 0 the child uses this memory. */
  int32_t alive;
};

_Static_assert(offsetof(struct start, cgroup) == 112 && offsetof(struct start, alive) == 168,
               "laid out in StartCall.java as here");

#if defined __x86_64__

static inline long call6(long n, long a, long b, long c, long d, long e, long f) {
  register long r10 __asm__("r10") = d;
  register long r8 __asm__("r8") = e;
  register long r9 __asm__("r9") = f;
  __asm__ volatile("syscall"
                   : "+a"(n)
                   : "D"(a), "S"(b), "d"(c), "r"(r10), "r"(r8), "r"(r9)
                   : "rcx", "r11", "memory");
  return n;
}

/* Of a clone that begins on a stack of its own no C function can return: the child calls one. */
__asm__(".text\n.type cloned, @function\ncloned:\n"
        "mov %rdi, %rax\nmov %rsi, %rdi\nmov %rdx, %rsi\nmov %rcx, %rdx\nmov %r8, %r10\n"
        "syscall\ntest %rax, %rax\njnz 1f\n"
        "xor %ebp, %ebp\nmov %r9, %rdi\ncall child\nud2\n1: ret\n"
        ".size cloned, . - cloned\n");

#elif defined __aarch64__

static inline long call6(long n, long a, long b, long c, long d, long e, long f) {
  register long x8 __asm__("x8") = n;
  register long x0 __asm__("x0") = a;
  register long x1 __asm__("x1") = b;
  register long x2 __asm__("x2") = c;
  register long x3 __asm__("x3") = d;
  register long x4 __asm__("x4") = e;
  register long x5 __asm__("x5") = f;
  __asm__ volatile("svc 0"
                   : "+r"(x0)
                   : "r"(x8), "r"(x1), "r"(x2), "r"(x3), "r"(x4), "r"(x5)
                   : "memory");
  return x0;
}

__asm__(".text\n.type cloned, %function\ncloned:\nhint 34\n"
        "mov x8, x0\nmov x0, x1\nmov x1, x2\nmov x2, x3\n"
        "svc 0\ncbnz x0, 1f\n"
        "mov x29, 0\nmov x30, 0\nmov x0, x5\nbl child\nbrk 0\n1: ret\n"
        ".size cloned, . - cloned\n");

#else
#error "x86_64 and aarch64 alone are known here"
#endif

/* Makes clone3 of two words, or clone of four, which is the same call on both machines but for a
 * word in front of its last, unused here. Returns to the parent; the child calls child(start). */
__attribute__((visibility("hidden"))) long cloned(long number, long a, long b, long c, long d,
                                                  struct start *start);
__attribute__((visibility("hidden"), used)) _Noreturn void child(struct start *start);

#define CALL6(n, a, b, c, d, e, f) \
  call6(__NR_##n, (long)(a), (long)(b), (long)(c), (long)(d), (long)(e), (long)(f))
#define CALL4(n, a, b, c, d) CALL6(n, a, b, c, d, 0, 0)
#define CALL3(n, a, b, c) CALL6(n, a, b, c, 0, 0, 0)
#define CALL2(n, a, b) CALL6(n, a, b, 0, 0, 0, 0)
#define CALL1(n, a) CALL6(n, a, 0, 0, 0, 0, 0)

static _Noreturn void leave(int signal) {
  (void)signal;
  for (;;) {
    CALL1(exit_group, NOT_STARTED);
  }
}

static _Noreturn void fail(struct start *start, int call, long error) {
  start->error = (int32_t)-error;
  start->call = call;
  leave(0);
}

static void succeed(struct start *start, int call, long result) {
  if (result < 0) {
    fail(start, call, result);
  }
}

static void signal_action(int signal, __sighandler_t handler) {
  /* The kernel insists on a restorer, where to return to from a handler: ours does not return. */
  struct sigaction action = {.sa_handler = handler};
#ifdef SA_RESTORER
  action.sa_flags = SA_RESTORER;
#endif
  CALL4(rt_sigaction, signal, &action, 0, ALL_SIGNALS);
}

/* What another user could send: a dump of core would take along, on kernels before 5.16, all that
 * share the memory, and a stop would last. An exec makes of a handler the default again. */
static void leave_rather_than_dump(void) {
  static const char signals[] = {SIGQUIT, SIGILL,  SIGTRAP, SIGABRT, SIGBUS,  SIGFPE, SIGSEGV,
                                 SIGXCPU, SIGXFSZ, SIGSYS,  SIGTSTP, SIGTTIN, SIGTTOU};
  for (unsigned i = 0; i < sizeof signals; i++) {
    signal_action(signals[i], leave);
  }
}

/* Handlers are cleared by the clone, but what this process ignores would stay ignored. */
static void default_signals(const struct start *start) {
  for (int signal = 1; signal <= LAST_SIGNAL; signal++) {
    if (start->defaults >> (signal - 1) & 1) {
      signal_action(signal, SIG_DFL);
    }
  }
  uint64_t none = 0;
  CALL4(rt_sigprocmask, SIG_SETMASK, &none, 0, ALL_SIGNALS);
}

static void close_from(unsigned first) {
  if (CALL3(close_range, first, ~0U, 0) == -ENOSYS) {
    struct rlimit64 limit = {0, 0};
    CALL4(prlimit64, 0, RLIMIT_NOFILE, 0, &limit);
    for (uint64_t fd = first; fd < limit.rlim_cur; fd++) {
      CALL1(close, fd);
    }
  }
}

static void enter_cgroup(struct start *start) {
  long file = CALL3(openat, start->cgroup, "cgroup.procs", O_WRONLY | O_CLOEXEC);
  long written = file < 0 ? file : CALL3(write, file, "0", 1);
  start->cgroup_error = written < 0 ? (int32_t)-written : 0;
  if (file >= 0) {
    CALL1(close, file);
  }
}

/* For good: all three ids of each kind, and no capability, whatever the secure bits say. */
static void become(struct start *start) {
  uint32_t u[3];
  uint32_t g[3];
  struct __user_cap_header_struct header = {_LINUX_CAPABILITY_VERSION_3, 0};
  struct __user_cap_data_struct none[2] = {{0, 0, 0}, {0, 0, 0}};
  succeed(start, BECOME, CALL2(setgroups, start->group_count, start->groups));
  succeed(start, BECOME, CALL3(setresgid, start->gid, start->gid, start->gid));
  succeed(start, BECOME, CALL3(setresuid, start->uid, start->uid, start->uid));
  succeed(start, BECOME, CALL2(capset, &header, none));
  succeed(start, BECOME, CALL3(getresuid, &u[0], &u[1], &u[2]));
  succeed(start, BECOME, CALL3(getresgid, &g[0], &g[1], &g[2]));
  for (int i = 0; i < 3; i++) {
    if (u[i] != start->uid || g[i] != start->gid) {
      fail(start, BECOME, -EPERM);
    }
  }
}

_Noreturn void child(struct start *start) {
  default_signals(start);
  succeed(start, GROUP, CALL2(setpgid, 0, 0));
  succeed(start, REDIRECT, CALL3(dup3, start->pipes[0], 0, 0));
  succeed(start, REDIRECT, CALL3(dup3, start->pipes[3], 1, 0));
  succeed(start, REDIRECT, CALL3(dup3, start->pipes[5], 2, 0));
  if (start->cgroup_error) {
    enter_cgroup(start);
  }
  /* Before anything that can take long: what the parent closes stays open until then. */
  close_from(3);
  if (start->group_count >= 0) {
    leave_rather_than_dump();
    become(start);
  }
  if (start->directory) {
    succeed(start, ENTER, CALL1(chdir, start->directory));
  }
  fail(start, EXEC, CALL3(execve, start->file, start->arguments, start->environment));
}

static long clone_new(struct start *start, int cgroup) {
  struct clone_args arguments = {0};
  arguments.flags = CLONE_VM | CLONE_PIDFD | CLONE_CHILD_CLEARTID | CLONE_CLEAR_SIGHAND;
  arguments.pidfd = (uint64_t)&start->pidfd;
  arguments.child_tid = (uint64_t)&start->alive;
  arguments.exit_signal = SIGCHLD;
  arguments.stack = (uint64_t)start->stack;
  arguments.stack_size = (uint64_t)start->stack_size;
  if (cgroup < 0) {
    return cloned(__NR_clone3, (long)&arguments, CLONE_ARGS_SIZE_VER0, 0, 0, start);
  }
  arguments.flags |= CLONE_INTO_CGROUP;
  arguments.cgroup = (unsigned)cgroup;
  return cloned(__NR_clone3, (long)&arguments, CLONE_ARGS_SIZE_VER2, 0, 0, start);
}

/* For kernels before 5.5, and filters that know no clone3: no handler of this process may run in the
 * child, so signals wait until it has set all to their defaults. */
static long clone_old(struct start *start) {
  uint64_t all = ~UINT64_C(0);
  uint64_t before;
  start->defaults = all;
  CALL4(rt_sigprocmask, SIG_SETMASK, &all, &before, ALL_SIGNALS);
  long pid = cloned(__NR_clone, CLONE_VM | CLONE_PIDFD | CLONE_CHILD_CLEARTID | SIGCHLD,
                    (long)(start->stack + start->stack_size), (long)&start->pidfd,
                    (long)&start->alive, start);
  CALL4(rt_sigprocmask, SIG_SETMASK, &before, 0, ALL_SIGNALS);
  return pid;
}

static long clone_child(struct start *start) {
  start->alive = 1;
  long pid = clone_new(start, start->cgroup);
  if (pid < 0 && start->cgroup >= 0) {
    /* The child tries in the old way, and tells. */
    start->cgroup_error = (int32_t)-pid;
    pid = clone_new(start, -1);
  }
  return pid == -ENOSYS || pid == -EINVAL || pid == -EPERM ? clone_old(start) : pid;
}

static void await(struct start *start) {
  struct __kernel_timespec patience = {start->patience / 1000000000, start->patience % 1000000000};
  while (__atomic_load_n(&start->alive, __ATOMIC_ACQUIRE)) {
    if (CALL4(futex, &start->alive, FUTEX_WAIT, 1, &patience) == -ETIMEDOUT) {
      start->late = 1;
      return;
    }
  }
}

static void close_pipe(struct start *start, int end) {
  if (start->pipes[end] >= 0) {
    CALL1(close, start->pipes[end]);
    start->pipes[end] = -1;
  }
}

static long open_pipes(struct start *start) {
  for (int i = 0; i < 6; i++) {
    start->pipes[i] = -1;
  }
  long error = 0;
  for (int i = 0; i < 6 && !error; i += 2) {
    error = CALL2(pipe2, &start->pipes[i], O_CLOEXEC);
  }
  if (!error) {
    /* A flag of each end by itself: the child's goes on blocking. */
    CALL3(fcntl, start->pipes[2], F_SETFL, O_NONBLOCK);
    CALL3(fcntl, start->pipes[4], F_SETFL, O_NONBLOCK);
  }
  return error;
}

/* What an empty pipe always takes at once, however few pages the system grants it. */
enum { ALWAYS_FITS = 4096 };

static void write_payload(struct start *start) {
  if (start->payload_whole > ALWAYS_FITS) {
    CALL3(fcntl, start->pipes[1], F_SETFL, O_NONBLOCK);
  }
  long written = 0;
  if (start->payload_part) {
    written = CALL3(write, start->pipes[1], start->payload, start->payload_part);
  }
  start->written = written < 0 ? 0 : (int32_t)written;
  if (start->written == start->payload_whole) {
    close_pipe(start, 1);
  }
}

static int refuse(struct start *start, int call, long error) {
  for (int i = 0; i < 6; i++) {
    close_pipe(start, i);
  }
  start->call = call;
  start->error = (int32_t)-error;
  return 0;
}

/* Starts a process, and returns 0; start->error tells whether it runs. */
__attribute__((visibility("default"))) int events_start(struct start *start) {
  start->cgroup_error = start->call = start->error = start->late = 0;
  long error = open_pipes(start);
  if (error) {
    return refuse(start, PIPE, error);
  }
  write_payload(start);
  long pid = clone_child(start);
  if (pid < 0) {
    return refuse(start, CLONE, pid);
  }
  start->pid = (int32_t)pid;
  await(start);
  if (!start->late && start->error) {
    CALL1(close, start->pidfd);
    CALL4(wait4, pid, 0, 0, 0);
    return refuse(start, start->call, -start->error);
  }
  /* The numbers stay: a child that is late has yet to read them, for copies of its own. */
  CALL1(close, start->pipes[0]);
  CALL1(close, start->pipes[3]);
  CALL1(close, start->pipes[5]);
  return 0;
}

/* Tells which signals this process ignores, one a bit; a clone clears handlers only. */
__attribute__((visibility("default"))) int events_ignored(uint64_t *signals) {
  *signals = 0;
  for (int signal = 1; signal <= LAST_SIGNAL; signal++) {
    struct sigaction action = {0};
    CALL4(rt_sigaction, signal, 0, &action, ALL_SIGNALS);
    if (action.sa_handler == SIG_IGN) {
      *signals |= UINT64_C(1) << (signal - 1);
    }
  }
  return 0;
}
