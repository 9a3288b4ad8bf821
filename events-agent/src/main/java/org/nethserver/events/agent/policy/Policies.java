package org.nethserver.events.agent.policy;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.nethserver.events.agent.json.JsonLayout;
import org.nethserver.events.agent.json.JsonText;
import org.nethserver.events.agent.json.PayloadSchema;
import org.nethserver.events.agent.run.EventFiles;
import org.nethserver.events.agent.run.ForeignFailure;
import org.nethserver.events.agent.run.Judge;
import org.nethserver.events.agent.run.Verdict;
import org.nethserver.events.agent.text.Printable;
import org.nethserver.events.api.Event;
import org.nethserver.events.api.EventName;
import org.nethserver.events.api.Payload;
import org.nethserver.events.api.Variables;
import org.nethserver.events.api.spi.EventFile;
import org.nethserver.events.api.spi.StepEntry;
import org.nethserver.events.api.spi.StepEntry.Disposition;
import tools.jackson.core.JsonPointer;
import tools.jackson.databind.JsonNode;

/**
 * The policies of one agent. Their files are its module's, and payloads anybody's: whatever they
 * do, they keep no other agent waiting.
 *
 * <p>Threads: one of its own, which is there while there is something to judge; so verdicts come in
 * order. Nothing to close: the thread ends when it has been idle.
 */
public final class Policies implements Judge {
  private static final int MAX_REMEMBERED = 200;
  private static final long IDLE_SECONDS = 10;

  /** How many sentences about one payload are told. */
  private static final int MAX_TOLD = 3;

  /** Of a file, and of what is known only with an event. */
  private final BiConsumer<StepEntry, String> unused;

  private final Consumer<String> problems;
  private final ThreadPoolExecutor thread;

  /** Of the thread, as is what follows. The eldest is forgotten first. */
  private final Map<EventName, Compiled> compiled =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<EventName, Compiled> eldest) {
          return size() > MAX_REMEMBERED;
        }
      };

  private @Nullable RulesReader reader;

  /**
   * Makes a judge.
   *
   * @param problems hears of files that are not used, on the judge's thread: which, why, and what
   *     to do
   */
  public Policies(Consumer<String> problems) {
    this(problems, (file, why) -> problems.accept("\"" + file.origin() + "\" is not used: " + why));
  }

  private Policies(Consumer<String> problems, BiConsumer<StepEntry, String> unused) {
    this.problems = problems;
    this.unused = unused;
    // What waits is bounded by whoever asks: it holds room for each event until its verdict.
    this.thread =
        new ThreadPoolExecutor(
            1,
            1,
            IDLE_SECONDS,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            task -> {
              Thread made = new Thread(task, "policies");
              made.setDaemon(true);
              return made;
            });
    thread.allowCoreThreadTimeOut(true);
  }

  /** Says why a file is not used, if that is so: what is wrong, and what to do. */
  public static Optional<String> fault(StepEntry file) {
    List<String> faults = new ArrayList<>();
    Policies policies = new Policies(faults::add, (_, why) -> faults.add(why));
    Optional<StepEntry> given = Optional.of(file);
    EventFile.of(file.name())
        .ifPresent(
            kind ->
                policies.compile(
                    switch (kind) {
                      case POLICY -> new EventFiles(given, Optional.empty());
                      case INPUT_SCHEMA -> new EventFiles(Optional.empty(), given);
                    }));
    return faults.stream().findFirst();
  }

  @Override
  public void judge(Event event, EventFiles files, Variables variables, Consumer<Verdict> then) {
    thread.execute(
        () -> {
          Verdict verdict = Verdict.AS_EVER;
          try {
            verdict = verdict(event, files, variables);
          } catch (Throwable e) {
            ForeignFailure.rethrowFatal(e);
            problems.accept(
                "The policy of "
                    + event.name()
                    + " is not used: judging an event failed: "
                    + ForeignFailure.text(e));
          } finally {
            then.accept(verdict);
          }
        });
  }

  private Verdict verdict(Event event, EventFiles files, Variables variables) {
    if (files.isEmpty()) {
      return Verdict.AS_EVER;
    }
    Compiled known = compiled.get(event.name());
    if (known == null || !known.files().equals(files)) {
      known = compile(files);
      compiled.put(event.name(), known);
    }
    Rules rules = known.rules();
    Optional<String> other = rules.objection(event.source().text());
    if (other.isPresent()) {
      return new Verdict.Filtered(other.get());
    }
    if (!rules.readsPayload() && known.schema().isEmpty()) {
      return new Verdict.Runs(rules.policy(), "", Optional.empty());
    }
    return verdict(event, known, variables);
  }

  private Verdict verdict(Event event, Compiled known, Variables variables) {
    Rules rules = known.rules();
    JsonText.Reading reading = JsonText.read(event.payload().buffer());
    Optional<JsonNode> payload = reading.root();
    for (Condition condition : rules.conditions()) {
      if (!condition.isDecidable(variables)) {
        if (known.told().add(condition.variable())) {
          problems.accept(
              "A condition of the policy of "
                  + event.name()
                  + " is not used: the variable "
                  + Printable.brief(condition.variable())
                  + " is not set; set it in the agent's environment, or mend handler.json");
        }
      } else if (payload.isEmpty() || !condition.holds(payload.get(), variables)) {
        return new Verdict.Filtered(condition.toString());
      }
    }
    Optional<String> objection =
        known
            .schema()
            .flatMap(
                schema ->
                    payload.isEmpty()
                        ? Optional.of("the payload " + reading.faults().getFirst().message())
                        : sentence(schema.violations(payload.get())));
    if (objection.isPresent() && rules.rejectsInvalid()) {
      return new Verdict.Invalid(objection.get());
    }
    return new Verdict.Runs(rules.policy(), key(rules.key(), payload), objection);
  }

  private static Optional<String> sentence(List<String> violations) {
    if (violations.isEmpty()) {
      return Optional.empty();
    }
    String told = String.join("; ", violations.stream().limit(MAX_TOLD).toList());
    int more = violations.size() - MAX_TOLD;
    return Optional.of(more > 0 ? told + "; and " + more + " more" : told);
  }

  private static String key(List<JsonPointer> places, Optional<JsonNode> payload) {
    if (places.isEmpty() || payload.isEmpty()) {
      return "";
    }
    StringBuilder key = new StringBuilder();
    for (JsonPointer place : places) {
      JsonNode found = payload.get().at(place);
      key.append(found.isMissingNode() ? "" : JsonLayout.line(found)).append('\n');
    }
    return key.toString();
  }

  private Compiled compile(EventFiles files) {
    return new Compiled(files, rules(files.policy()), schema(files.inputSchema()), new HashSet<>());
  }

  private Rules rules(Optional<StepEntry> file) {
    return file.flatMap(
            entry ->
                content(entry)
                    .flatMap(
                        content -> {
                          try {
                            return Optional.of(reader().read(content));
                          } catch (IllegalArgumentException e) {
                            unused.accept(entry, String.valueOf(e.getMessage()));
                            return Optional.empty();
                          }
                        }))
        .orElse(Rules.NONE);
  }

  private RulesReader reader() {
    RulesReader known = reader;
    if (known == null) {
      known = new RulesReader();
      reader = known;
    }
    return known;
  }

  private Optional<PayloadSchema> schema(Optional<StepEntry> file) {
    return file.flatMap(entry -> content(entry).flatMap(content -> schema(entry, content)));
  }

  private Optional<PayloadSchema> schema(StepEntry entry, Payload content) {
    JsonText.Reading reading = JsonText.read(content.buffer());
    Optional<String> fault =
        reading.faults().isEmpty()
            ? PayloadSchema.fault(reading.root().orElseThrow())
            : Optional.of(reading.faults().getFirst().message());
    if (fault.isPresent()) {
      unused.accept(entry, fault.get());
      return Optional.empty();
    }
    return reading.root().map(PayloadSchema::of);
  }

  private Optional<Payload> content(StepEntry entry) {
    return switch (entry.disposition()) {
      case Disposition.Document document -> Optional.of(document.content());
      case Disposition.Refused refused -> {
        unused.accept(entry, refused.why());
        yield Optional.empty();
      }
      case Disposition.Runs _, Disposition.Masks _, Disposition.PassedOver _ -> Optional.empty();
    };
  }
}
