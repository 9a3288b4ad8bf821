package org.nethserver.events.redis;

import static org.nethserver.events.api.spi.Finding.note;
import static org.nethserver.events.api.spi.Finding.ok;

import io.lettuce.core.protocol.CommandType;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import org.nethserver.events.api.spi.Check;
import org.nethserver.events.api.spi.Finding;
import org.nethserver.events.api.spi.Finding.Severity;
import org.nethserver.events.api.spi.Journal;
import org.nethserver.events.api.spi.TransportSettings;
import org.nethserver.events.redis.Questions.Answer;
import org.nethserver.events.redis.journal.Word;

/**
 * Does what an agent would do with a server, and asks it about the rest: one connection subscribes,
 * another reads and asks. Nothing is written and nothing published. Who asks waits for no step
 * longer than {@link #TIMING} says, so that all of it ends in time even where nobody answers.
 */
final class RedisCheck implements AutoCloseable {
  /** Shorter than an agent's: somebody sits and waits. */
  static final Timing TIMING =
      new Timing(
          Duration.ofMillis(900),
          Duration.ofSeconds(1),
          Duration.ofSeconds(7),
          Duration.ofSeconds(1),
          Duration.ofSeconds(10),
          Duration.ofSeconds(10),
          Duration.ofSeconds(10));

  private static final Duration CLOSE_LIMIT = Duration.ofMillis(300);

  private final RedisAddress address;
  private final String user;
  private final EventLoop loop;
  private final Client client;
  private final KeptConnection connection;
  private final Questions questions;
  private final List<Finding> findings = new ArrayList<>();

  RedisCheck(TransportSettings settings) {
    this.address = RedisAddress.parse(settings.address());
    this.user = address.user(settings.credentials());
    this.loop = new EventLoop("redis-check");
    this.client = Client.create(address, settings, TIMING, loop);
    this.connection = new KeptConnection(client, loop, TIMING);
    this.questions = new Questions(connection);
  }

  List<Finding> examine(Check.Wanted wanted) {
    Instant deadline = Instant.now().plus(wanted.limit());
    if (!connect()) {
      return findings;
    }
    List<String> patterns = new ArrayList<>(wanted.patterns());
    // In one command, as an agent with a journal names them.
    wanted.journal().ifPresent(_ -> patterns.add(Word.CHANNEL));
    Listening listening = new Listening();
    Subscription subscription = new Subscription(client, loop, TIMING, user, patterns, listening);
    Instant begun = Instant.now();
    loop.post(subscription::start);
    try {
      boolean subscribed = subscribed(listening, patterns);
      server(wanted.journal().isPresent());
      wanted.journal().ifPresent(this::journal);
      if (questions.isSilent()) {
        findings.add(silence());
      } else if (subscribed && wanted.journal().isPresent()) {
        recorders(listening, begun, deadline);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      subscription.close();
    }
    return findings;
  }

  private boolean connect() {
    String why;
    try {
      connection.connect();
      findings.add(ok("connect", "connected to " + address + " as user \"" + user + "\""));
      return true;
    } catch (ExecutionException | CancellationException e) {
      why = Diagnosis.of(e, user).why();
    } catch (TimeoutException e) {
      why = "timed out";
    } catch (IOException e) {
      why = String.valueOf(e.getMessage());
    }
    Finding told = told("connect", Severity.PROBLEM, why);
    findings.add(
        Finding.problem(
            "connect", "no connection to " + address + ": " + told.what(), told.cure()));
    return false;
  }

  private Finding told(String name, Severity severity, String why) {
    String cure = Cure.of(why, address.endpoint().shown(), user);
    // A question is no cure.
    return why.endsWith("?")
        ? new Finding(name, severity, why, cure)
        : Finding.told(name, severity, why, cure);
  }

  private boolean subscribed(Listening listening, List<String> patterns)
      throws InterruptedException {
    String why = listening.outcome(TIMING.connect().multipliedBy(2).plus(TIMING.confirm()));
    findings.add(
        why.isEmpty()
            ? ok("subscribe", "may subscribe to " + String.join(" and ", patterns))
            : told("subscribe", Severity.PROBLEM, why));
    return why.isEmpty();
  }

  private void server(boolean journal) {
    Answer info = questions.ask(CommandType.INFO);
    if (info.refusal().isPresent()) {
      findings.add(unknown("server", "version, role, memory and persistence", info, "+info"));
    } else {
      ServerFindings server = new ServerFindings(info.fields());
      findings.add(server.version());
      findings.add(server.role());
      if (journal) {
        findings.add(server.memory());
        findings.addAll(server.persistence());
      }
    }
    clock();
    Answer buffers = questions.ask(CommandType.CONFIG, "GET", "client-output-buffer-limit");
    findings.add(
        buffers.refusal().isPresent()
            ? unknown("buffers", "client-output-buffer-limit", buffers, "+config|get")
            : ServerFindings.buffers(buffers.text(1)));
  }

  private void clock() {
    Instant before = Instant.now();
    Answer time = questions.ask(CommandType.TIME);
    Instant after = Instant.now();
    if (time.refusal().isPresent()) {
      findings.add(unknown("clock", "the server's clock", time, "+time"));
      return;
    }
    Instant theirs =
        Instant.ofEpochSecond(Long.parseLong(time.text(0)), Long.parseLong(time.text(1)) * 1_000);
    Instant ours = before.plus(Duration.between(before, after).dividedBy(2));
    findings.add(ServerFindings.clock(Duration.between(ours, theirs)));
  }

  private Finding unknown(String name, String what, Answer answer, String right) {
    return answer.isForbidden()
        ? new Finding(
            name,
            Severity.NOTE,
            "not known: user \"" + user + "\" may not ask for " + what,
            "to know, run ACL SETUSER " + user + " " + right)
        : note(
            name,
            "not known: no " + what + ": " + Diagnosis.plain(answer.refusal().orElse("no answer")));
  }

  private void journal(String key) {
    RedisJournal journal = new RedisJournal(connection, address.toString(), user);
    try {
      // Both, since an agent uses both.
      List<Journal.Entry> first = journal.read(key, "", 1);
      List<Journal.Entry> last = journal.last(key, 1);
      findings.add(
          first.isEmpty() || last.isEmpty()
              ? new Finding(
                  "journal", Severity.NOTE, "the journal \"" + key + "\" has no entries yet", "")
              : ok("journal", stock(key, first.getFirst(), last.getFirst())));
    } catch (IOException e) {
      findings.add(told("journal", Severity.PROBLEM, String.valueOf(e.getMessage())));
    }
  }

  private static String stock(String key, Journal.Entry first, Journal.Entry last) {
    Duration age = Duration.between(first.time(), Instant.now());
    return "the journal \"%s\" has %d entries, the oldest of %s, the newest of %s"
        .formatted(
            key,
            last.number() - first.number() + 1,
            ago(age),
            ago(Duration.between(last.time(), Instant.now())));
  }

  private static String ago(Duration age) {
    return age.toHours() >= 48
        ? age.toDays() + " days ago"
        : age.toMinutes() >= 120
            ? age.toHours() + " hours ago"
            : age.toSeconds() >= 120
                ? age.toMinutes() + " minutes ago"
                : Math.max(0, age.toSeconds()) + " s ago";
  }

  private void recorders(Listening listening, Instant begun, Instant deadline)
      throws InterruptedException {
    Instant end = begun.plus(Listening.SPAN);
    if (end.isAfter(deadline)) {
      findings.add(note("recorders", "not known: the server is too slow to listen for them"));
      return;
    }
    Duration left = Duration.between(Instant.now(), end);
    if (left.isPositive()) {
      Thread.sleep(left);
    }
    findings.add(ServerFindings.recorders(listening.recorders()));
  }

  private Finding silence() {
    String why = "the server does not answer any more";
    return told("answers", Severity.PROBLEM, why);
  }

  @Override
  public void close() {
    connection.close();
    loop.close(CLOSE_LIMIT);
    client.release();
  }
}
