/** A plugin: the agent finds the handler by this line. */
module org.example.smallest {
  requires org.nethserver.events.api;

  provides org.nethserver.events.api.EventHandler with
      org.example.smallest.Welcome;
}
