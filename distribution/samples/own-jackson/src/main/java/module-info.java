/** A plugin with a library of its own, which lies beside its jar. */
module org.example.jackson {
  requires org.nethserver.events.api;
  requires tools.jackson.databind;

  provides org.nethserver.events.api.EventHandler with
      org.example.jackson.UserIndex;
}
