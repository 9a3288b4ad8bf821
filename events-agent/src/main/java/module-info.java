import org.jspecify.annotations.NullMarked;

/** The agent and the commands around it. */
@NullMarked
module org.nethserver.events.agent {
  requires com.networknt.schema;
  requires info.picocli;
  requires org.apache.logging.log4j.core;
  requires org.nethserver.events.api;
  requires static org.jspecify;
  requires tools.jackson.databind;
}
