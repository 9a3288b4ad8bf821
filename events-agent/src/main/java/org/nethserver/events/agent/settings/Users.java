package org.nethserver.events.agent.settings;

import java.io.IOException;
import java.util.Optional;
import org.nethserver.events.agent.posix.Account;
import org.nethserver.events.agent.posix.Accounts;
import org.nethserver.events.agent.text.Printable;

/** As whom the agents of this process may run. */
public interface Users {
  /**
   * Looks a user up.
   *
   * @return the user; empty if that is the process's own
   * @throws IllegalArgumentException if no agent can run so; the message follows on the name
   */
  Optional<Account> account(String name);

  /**
   * Looks any user up.
   *
   * @return the user; empty if there is none
   * @throws IOException if the name service cannot say; the message says why
   */
  Optional<Account> known(String name) throws IOException;

  /** Tells whether agents of others can be hosted. */
  boolean others();

  /**
   * Returns what holds for this process: root may become anybody, others are who they are.
   *
   * @param own the name of the process's user
   */
  static Users ofProcess(String own) {
    return of(own, Accounts.effectiveUser() == 0);
  }

  /**
   * Returns what holds for a process.
   *
   * @param own the name of its user
   * @param root whether that is root
   */
  static Users of(String own, boolean root) {
    return new Users() {
      @Override
      public Optional<Account> account(String name) {
        if (name.equals(own)) {
          return Optional.empty();
        }
        if (!root) {
          throw new IllegalArgumentException(
              ", and this process is "
                  + Printable.quoted(own)
                  + "'s, as whom all its steps run: only root hosts agents of others; host the"
                  + " agent in a process of its user's, or leave the key out");
        }
        return named(name).filter(account -> !account.isRoot());
      }

      @Override
      public Optional<Account> known(String name) throws IOException {
        return Accounts.named(name);
      }

      @Override
      public boolean others() {
        return root;
      }
    };
  }

  private static Optional<Account> named(String name) {
    try {
      Optional<Account> account = Accounts.named(name);
      if (account.isEmpty()) {
        throw new IllegalArgumentException(
            ", and there is no such user; make it first, or correct the name");
      }
      return account;
    } catch (IOException e) {
      throw new IllegalArgumentException(
          ", whom nobody could look up: " + e.getMessage() + "; try again with SIGHUP", e);
    }
  }
}
