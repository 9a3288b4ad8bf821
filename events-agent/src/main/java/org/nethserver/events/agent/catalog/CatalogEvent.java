package org.nethserver.events.agent.catalog;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.nethserver.events.api.EventName;
import tools.jackson.databind.node.ObjectNode;

/**
 * What the catalogue knows of one event.
 *
 * @param name its name
 * @param status whether it is in use
 * @param summary what it tells, in one line
 * @param description more on that; may be empty
 * @param replacedBy the events to use instead
 * @param nameException why the name need not be in the past tense; mostly absent
 * @param sources who may publish it; empty if nobody knows
 * @param encoding what the payload's bytes are
 * @param payload the payload as JSON Schema 2020-12
 * @param sensitive whether the payload holds a secret, so that it is not kept anywhere
 * @param publishers who publishes it
 * @param listeners who answers it
 * @param faults what is wrong with it, for those who publish it or listen to it
 * @param notes what else is good to know
 * @param origin the file that it was read from, or {@code built in}
 */
record CatalogEvent(
    EventName name,
    Status status,
    String summary,
    String description,
    List<EventName> replacedBy,
    Optional<String> nameException,
    List<SourcePattern> sources,
    Encoding encoding,
    ObjectNode payload,
    boolean sensitive,
    List<Party> publishers,
    List<Party> listeners,
    List<String> faults,
    List<String> notes,
    String origin) {

  CatalogEvent {
    replacedBy = List.copyOf(replacedBy);
    sources = List.copyOf(sources);
    publishers = List.copyOf(publishers);
    listeners = List.copyOf(listeners);
    faults = List.copyOf(faults);
    notes = List.copyOf(notes);
  }

  /** Whether an event is in use. */
  enum Status {
    CURRENT("published today"),
    DEPRECATED("replaced, still published"),
    RETIRED("neither published nor listened to any more"),
    UNPUBLISHED("listened to, but published by nobody"),
    PLANNED("found on development branches only"),
    DOCUMENTED("described by the documentation of NS8, published by no known module"),
    EXAMPLE("an example of the documentation");

    private final String meaning;

    Status(String meaning) {
      this.meaning = meaning;
    }

    String meaning() {
      return meaning;
    }

    /** Returns the word in catalogue files. */
    String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** What the bytes of a payload are. */
  enum Encoding {
    /** A JSON object. */
    JSON,
    /** Bare UTF-8 text, which the schema sees as a string. */
    TEXT;

    /** Returns the word in catalogue files. */
    String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * Who publishes an event or listens to it.
   *
   * @param repository the source repository, {@code OWNER/NAME}
   * @param files where in it; may be empty
   * @param note a remark; may be empty
   */
  record Party(String repository, List<String> files, String note) {
    Party {
      files = List.copyOf(files);
    }
  }
}
