import org.jspecify.annotations.NullMarked;

/** What a handler, a transport and a source of steps are written against. */
@NullMarked
module org.nethserver.events.api {
  requires static transitive org.jspecify;
}
