package org.nethserver.events.redis;

/** What to do where no connection comes about and the {@link Diagnosis} itself does not say it. */
final class Cure {
  private Cure() {}

  /**
   * Returns it.
   *
   * @param why the diagnosis
   * @param address the address without secrets
   * @param user the user that was to be logged in
   */
  static String of(String why, String address, String user) {
    if (why.startsWith("connection refused") || why.startsWith("no such socket")) {
      return "start redis-server, or say where it listens: REDIS_ADDRESS=HOST:PORT, or --redis=URI";
    }
    if (why.contains("ermission denied")) {
      return "let this user into the socket's directory and write to the socket: unixsocketperm in"
          + " redis.conf";
    }
    if (why.startsWith("connection timed out") || why.equals("timed out")) {
      return "see that the host is up and that no firewall drops what is sent to " + address;
    }
    if (why.contains("does not answer") || why.contains("fallen silent")) {
      return "it takes connections and says nothing: see that this is a Redis, and that it is"
          + " neither stopped nor busy (redis-cli --latency there)";
    }
    if (why.startsWith("wrong user or password")) {
      return "give the right one by --redis=@FILE with redis://USER:PASSWORD@HOST:PORT in it, or"
          + " run ACL SETUSER "
          + user
          + " on >PASSWORD";
    }
    if (why.contains("lacks a permission")) {
      return "run ACL SETUSER " + user + " +hello +auth +ping +client|setname +psubscribe";
    }
    if (why.contains("loading its data")) {
      return "wait: the agent connects by itself once it is done";
    }
    if (why.contains("lost its primary")) {
      return "bring back the replica's link to its primary, or set replica-serve-stale-data yes";
    }
    if (why.contains("maxclients")) {
      return "look for who holds so many (CLIENT LIST), or run CONFIG SET maxclients N";
    }
    if (why.startsWith("TLS")) {
      return "see what the server shows: openssl s_client -connect " + address;
    }
    return "try redis-cli with the same address and user from here, and look into the server's log";
  }
}
