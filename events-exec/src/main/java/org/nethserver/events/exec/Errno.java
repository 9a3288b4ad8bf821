package org.nethserver.events.exec;

/** The error numbers of Linux that are told apart here, and what they mean in plain words. */
final class Errno {
  static final int EPERM = 1;
  static final int ENOENT = 2;
  static final int ESRCH = 3;
  static final int EINTR = 4;
  static final int EIO = 5;
  static final int E2BIG = 7;
  static final int ENOEXEC = 8;
  static final int EBADF = 9;
  static final int EAGAIN = 11;
  static final int ENOMEM = 12;
  static final int EACCES = 13;
  static final int EBUSY = 16;
  static final int ENODEV = 19;
  static final int ENOTDIR = 20;
  static final int EINVAL = 22;
  static final int ENFILE = 23;
  static final int EMFILE = 24;
  static final int ETXTBSY = 26;
  static final int ENOSPC = 28;
  static final int ENAMETOOLONG = 36;
  static final int ELOOP = 40;
  static final int EOPNOTSUPP = 95;

  private Errno() {}

  /**
   * Describes an error.
   *
   * @param error the number, also negated as {@link Posix} returns it
   */
  static String text(int error) {
    return switch (Math.abs(error)) {
      case EPERM -> "operation not permitted";
      case ENOENT -> "no such file or directory";
      case EIO -> "input/output error";
      case E2BIG -> "arguments and environment are too long";
      case ENOEXEC -> "not in a format that the kernel can run";
      case EAGAIN -> "the limit of processes is reached";
      case ENOMEM -> "out of memory";
      case EACCES -> "permission denied";
      case EBUSY -> "it is in use";
      case ENOTDIR -> "a part of the path is no directory";
      case ENFILE -> "the system's table of open files is full";
      case EMFILE -> "too many open files";
      case ETXTBSY -> "the file is being written";
      case ENOSPC -> "no space left";
      case ENAMETOOLONG -> "the name is too long";
      case ELOOP -> "too many symbolic links";
      case EOPNOTSUPP -> "not supported there";
      default -> "error " + Math.abs(error);
    };
  }
}
