package org.nethserver.events.agent.catalog;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;
import org.nethserver.events.agent.catalog.CatalogEvent.Encoding;
import org.nethserver.events.agent.json.JsonText;
import org.nethserver.events.agent.json.PayloadSchema;
import org.nethserver.events.agent.text.NearestNames;
import org.nethserver.events.agent.text.Printable;
import org.nethserver.events.api.Channel;
import org.nethserver.events.api.EventSource;
import org.nethserver.events.api.Payload;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/**
 * Checks an event against the rules and against what the catalogue knows of it. Threadsafe; slow at
 * first use, which loads the validator.
 */
public final class Lint {
  /** Above it a payload is no longer small. */
  public static final int LARGE_BYTES = 64 << 10;

  /** Above it a payload is refused. */
  public static final int MAX_BYTES = 1 << 20;

  private static final Pattern KEBAB_CASE = Pattern.compile("[a-z0-9]+(-[a-z0-9]+)*");
  private static final Pattern USUAL_SOURCE =
      Pattern.compile("cluster|node/[0-9]+|module/[A-Za-z0-9._-]+");

  private static final Pattern SECRET_KEY =
      Pattern.compile("(password|secret|token)$", Pattern.CASE_INSENSITIVE);
  private static final String KEEP_SMALL = "; send the ids, or the Redis key to read the rest from";

  private final Catalog catalog;

  /**
   * Checks against the given events. A catalogue file that cannot be used is a warning of each
   * check.
   *
   * @param catalog the events that are known
   */
  public Lint(Catalog catalog) {
    this.catalog = catalog;
  }

  /**
   * Returns what is to be said of an event: the channel first, then the payload. Empty if all is
   * well.
   *
   * @param channel {@code <source>/event/<name>}, any text
   * @param payload any bytes
   */
  public List<Finding> check(String channel, Payload payload) {
    List<Finding> findings = new ArrayList<>();
    catalog.problems().forEach(problem -> findings.add(Finding.warning("catalog-file", problem)));
    Optional<CatalogEvent> event = checkChannel(channel, findings);
    checkSize(payload, findings);
    Optional<JsonNode> value =
        event.isPresent() && event.get().encoding() == Encoding.TEXT
            ? text(payload, findings)
            : object(payload, findings);
    if (event.isPresent() && value.isPresent()) {
      for (String violation : PayloadSchema.of(event.get().payload()).violations(value.get())) {
        findings.add(Finding.error("payload-schema", violation));
      }
    }
    return List.copyOf(findings);
  }

  private Optional<CatalogEvent> checkChannel(String text, List<Finding> findings) {
    Channel channel;
    try {
      channel = Channel.parse(text);
    } catch (IllegalArgumentException e) {
      findings.add(
          Finding.error(
              "channel-shape",
              e.getMessage()
                  + "; a channel is SOURCE/event/NAME, as in cluster/event/module-added"));
      return Optional.empty();
    }
    String name = channel.name().text();
    Optional<CatalogEvent> event = catalog.find(name);
    checkName(name, event, findings);
    if (event.isPresent()) {
      checkStatus(event.get(), findings);
      checkSource(channel.source(), event.get(), findings);
    } else {
      checkUnknown(channel, findings);
    }
    return event;
  }

  private static void checkName(String name, Optional<CatalogEvent> event, List<Finding> findings) {
    if (!KEBAB_CASE.matcher(name).matches()) {
      findings.add(
          Finding.error(
              "name-kebab-case",
              "the name \"" + name + "\" is not in kebab-case; use " + kebabCase(name)));
    } else if (!PastTense.endsName(name)) {
      Optional<String> exception = event.flatMap(CatalogEvent::nameException);
      findings.add(
          exception
              .map(
                  why ->
                      Finding.info("name-past-tense", notPast(name) + ", and is excused: " + why))
              .orElseGet(() -> Finding.warning("name-past-tense", notPast(name) + advice(name))));
    }
  }

  private static String notPast(String name) {
    return "the name \"" + name + "\" does not end in the past tense";
  }

  private static String advice(String name) {
    return "; an event tells what has happened, so call it "
        + PastTense.suggest(name)
            .map(past -> '"' + past + '"')
            .orElse("\"" + name + "-changed\" or the like");
  }

  private static String kebabCase(String name) {
    String kebab =
        name.replaceAll("([a-z0-9])([A-Z])", "$1-$2")
            .replaceAll("[^A-Za-z0-9]+", "-")
            .replaceAll("^-|-$", "")
            .toLowerCase(Locale.ROOT);
    return kebab.isEmpty() ? "words in small letters, joined by \"-\"" : '"' + kebab + '"';
  }

  private static void checkStatus(CatalogEvent event, List<Finding> findings) {
    String is = "\"" + event.name() + "\" is " + event.status().word();
    String instead =
        event.replacedBy().isEmpty()
            ? ""
            : "; use "
                + String.join(", ", event.replacedBy().stream().map(Record::toString).toList());
    String message = is + " (" + event.status().meaning() + ")" + instead;
    switch (event.status()) {
      case CURRENT -> {}
      case DEPRECATED, RETIRED -> findings.add(Finding.warning("name-deprecated", message));
      case UNPUBLISHED, PLANNED, DOCUMENTED, EXAMPLE ->
          findings.add(Finding.info("name-status", message));
    }
  }

  private static void checkSource(EventSource source, CatalogEvent event, List<Finding> findings) {
    if (event.sources().isEmpty()
        || event.sources().stream().anyMatch(pattern -> pattern.matches(source))) {
      return;
    }
    List<String> known = event.sources().stream().map(SourcePattern::toString).toList();
    findings.add(
        Finding.warning(
            "source-unknown",
            "the source "
                + Printable.quoted(source.text())
                + " is not known for \""
                + event.name()
                + "\"; listeners expect "
                + String.join(" or ", known)));
  }

  private void checkUnknown(Channel channel, List<Finding> findings) {
    String name = channel.name().text();
    String unknown = "the catalogue does not know \"" + name + "\"";
    List<String> nearest = catalog.nearest(name);
    if (!nearest.isEmpty() && NearestNames.isSlip(name, nearest.getFirst())) {
      findings.add(
          Finding.warning(
              "name-unknown", unknown + "; did you mean \"" + nearest.getFirst() + "\"?"));
    } else {
      String like = nearest.isEmpty() ? "" : "; it has " + String.join(", ", nearest);
      findings.add(Finding.info("name-unknown", unknown + like));
    }
    if (!USUAL_SOURCE.matcher(channel.source().text()).matches()) {
      findings.add(
          Finding.info(
              "source-unusual",
              "the source "
                  + Printable.quoted(channel.source().text())
                  + " is unusual; sources are mostly cluster, node/<n> or module/<id>"));
    }
  }

  private static void checkSize(Payload payload, List<Finding> findings) {
    if (payload.size() > MAX_BYTES) {
      findings.add(Finding.error("payload-size", size(payload) + ", more than 1 MiB" + KEEP_SMALL));
    } else if (payload.size() > LARGE_BYTES) {
      findings.add(
          Finding.warning("payload-size", size(payload) + ", more than 64 KiB" + KEEP_SMALL));
    }
  }

  private static String size(Payload payload) {
    return String.format(Locale.ROOT, "the payload has %,d bytes", payload.size());
  }

  private static Optional<JsonNode> text(Payload payload, List<Finding> findings) {
    List<JsonText.Fault> faults = new ArrayList<>();
    Optional<String> text = JsonText.utf8(payload.buffer(), faults);
    add(faults, findings);
    return text.map(JsonNodeFactory.instance::stringNode);
  }

  private static Optional<JsonNode> object(Payload payload, List<Finding> findings) {
    JsonText.Reading reading = JsonText.read(payload.buffer());
    add(reading.faults(), findings);
    Optional<JsonNode> root = reading.root();
    if (root.isPresent() && !root.get().isObject()) {
      findings.add(
          Finding.error(
              "payload-object",
              "the payload is no JSON object; wrap it in one, as in {\"key\": ...}"));
      return Optional.empty();
    }
    root.ifPresent(object -> checkSecrets(object, "", findings));
    return root;
  }

  private static void add(List<JsonText.Fault> faults, List<Finding> findings) {
    for (JsonText.Fault fault : faults) {
      String rule = "payload-" + fault.rule().name().toLowerCase(Locale.ROOT).replace('_', '-');
      String more = fault.rule() == JsonText.Rule.EMPTY ? "; send a JSON object, {} at least" : "";
      findings.add(Finding.error(rule, "the payload " + fault.message() + more));
    }
  }

  private static void checkSecrets(JsonNode node, String pointer, List<Finding> findings) {
    if (node.isArray()) {
      int i = 0;
      for (JsonNode item : node) {
        checkSecrets(item, pointer + "/" + i++, findings);
      }
    }
    node.forEachEntry(
        (key, value) -> {
          String inner = pointer + "/" + key.replace("~", "~0").replace("/", "~1");
          if (SECRET_KEY.matcher(key).find() && !value.isNull()) {
            findings.add(
                Finding.warning(
                    "payload-secret",
                    Printable.brief(inner)
                        + " seems to be a secret, which everybody who can read from Redis receives;"
                        + " send the Redis key to read it from"));
          }
          checkSecrets(Objects.requireNonNull(value), inner, findings);
        });
  }
}
