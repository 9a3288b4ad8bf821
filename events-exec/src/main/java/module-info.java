import org.jspecify.annotations.NullMarked;

/** Steps that are script files, run as processes. */
@NullMarked
module org.nethserver.events.exec {
  requires org.nethserver.events.api;
  requires static org.jspecify;
}
