import org.jspecify.annotations.NullMarked;

/** Events by way of Redis. */
@NullMarked
module org.nethserver.events.redis {
  requires lettuce.core;
  requires org.nethserver.events.api;
  requires static org.jspecify;
}
