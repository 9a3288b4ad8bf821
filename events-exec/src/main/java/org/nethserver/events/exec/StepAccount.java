package org.nethserver.events.exec;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.Optional;
import org.nethserver.events.api.spi.StepUser;

/** As whom the scripts of one source run: as this process, or as another user. */
final class StepAccount implements AutoCloseable {
  private final Optional<StepUser.Other> other;
  private final Optional<StepCgroup> cgroup;
  private final MemorySegment groups;

  private StepAccount(Optional<StepUser.Other> other, Path cgroups) {
    this.other = other;
    this.cgroup = other.map(user -> new StepCgroup(cgroups, user));
    int[] numbers =
        other.stream().flatMapToInt(user -> user.groups().stream().mapToInt(i -> i)).toArray();
    this.groups = Arena.ofAuto().allocateFrom(ValueLayout.JAVA_INT, numbers);
  }

  /**
   * Makes one.
   *
   * @param cgroups where control groups are mounted
   * @throws IllegalArgumentException if this process may not become that user
   */
  static StepAccount of(StepUser user, Path cgroups) {
    return switch (user) {
      case StepUser.Own() -> new StepAccount(Optional.empty(), cgroups);
      case StepUser.Other other -> {
        if (Posix.geteuid() != 0) {
          throw new IllegalArgumentException(
              "steps cannot run as user \"%s\": only an agent that root runs may do that"
                  .formatted(other.name()));
        }
        yield new StepAccount(Optional.of(other), cgroups);
      }
    };
  }

  boolean isOther() {
    return other.isPresent();
  }

  /** Returns the user's name, for people; empty for that of this process. */
  String name() {
    return other.map(StepUser.Other::name).orElse("");
  }

  int uid() {
    return other.map(StepUser.Other::uid).orElse(0);
  }

  int gid() {
    return other.map(StepUser.Other::gid).orElse(0);
  }

  /** Returns the address of the numbers of its groups. */
  long groups() {
    return groups.address();
  }

  /** Returns how many groups there are; -1 for those of this process. */
  int groupCount() {
    return other.map(user -> user.groups().size()).orElse(-1);
  }

  /**
   * Returns true if a process of a user can be one of a step: steps of this process's own user may
   * have become others, as root's do; the kernel sees to it that no signal goes too far.
   */
  boolean mayOwn(int user) {
    return other.isEmpty() || user == uid();
  }

  /** Returns true if the mode of a file lets the user execute it. */
  boolean mayExecute(FileStatus status) {
    return grants(status, 1);
  }

  /** Returns true if the mode of a file lets the user read it. */
  boolean mayRead(FileStatus status) {
    return grants(status, 4);
  }

  private boolean grants(FileStatus status, int permission) {
    int shift = status.uid() == uid() ? 6 : isMember(status.gid()) ? 3 : 0;
    return (status.mode() >> shift & permission) != 0;
  }

  private boolean isMember(int group) {
    return group == gid() || other.map(user -> user.groups().contains(group)).orElse(false);
  }

  /** Returns the control group to start in, open; -1 if there is none. */
  int cgroup() {
    return cgroup.map(StepCgroup::descriptor).orElse(-1);
  }

  /** Told after each start whether the child is in that control group: 0, or the error. */
  void entered(int error) {
    if (error != 0) {
      cgroup.ifPresent(group -> group.refused(error));
    }
  }

  @Override
  public void close() {
    cgroup.ifPresent(StepCgroup::close);
  }
}
