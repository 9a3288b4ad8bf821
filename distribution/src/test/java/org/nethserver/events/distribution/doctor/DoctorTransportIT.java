package org.nethserver.events.distribution.doctor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.nethserver.events.redis.testing.Eventually;
import org.nethserver.events.redis.testing.RedisExtension;
import org.nethserver.events.redis.testing.RedisOptions;
import org.nethserver.events.redis.testing.RedisServer;

/** A real Redis, well at first, in which one thing after the other is broken. */
@ExtendWith(RedisExtension.class)
final class DoctorTransportIT {
  private static final String START =
      "run systemctl enable --now events-recorder@1 events-recorder@2";

  @TempDir private Path directory;
  private Patient patient;

  @AfterEach
  void close() {
    if (patient != null) {
      patient.close();
    }
  }

  private Patient at(RedisServer redis) throws IOException {
    patient = new Patient(directory, redis.port());
    return patient;
  }

  @Test
  void wellIsExitCode0AndNoWarningBesideALiveAgent(
      @RedisOptions({"--appendonly", "yes"}) RedisServer redis)
      throws IOException, InterruptedException {
    at(redis).record(2);
    Process agent = patient.agent();
    redis.publish("cluster/event/user-created", "{}");
    List<String> before = redis.subscribers();
    Patient.Report report = patient.examineWithJournal();
    assertEquals(List.of(), ofOurs(report.bad("problem", "warning")));
    assertEquals(0, report.code());
    assertEquals(
        List.of("ok subscribe: may subscribe to */event/* and events/epoch"),
        report.of("subscribe"));
    assertEquals(List.of("ok recorders: 2 recorders"), report.of("recorders"));
    assertEquals(
        List.of("ok process: an agent runs here, process " + agent.pid()), report.of("process"));
    assertTrue(report.of("journal").getFirst().contains("has 2 entries"), report::toString);
    assertEquals(before.size(), redis.subscribers().size(), "nobody was disturbed, nobody is left");
    assertTrue(agent.isAlive());
  }

  /** What the machine of the test may lack. */
  private static List<String> ofOurs(List<String> lines) {
    return lines.stream()
        .filter(line -> !line.matches("warning (watches|memory|memory-max|pids|unit): .*"))
        .toList();
  }

  @Test
  void redisThatIsDown(RedisServer redis) throws IOException, InterruptedException {
    at(redis);
    redis.kill();
    Patient.Report report = patient.examine();
    assertEquals(1, report.code());
    assertEquals(
        List.of(
            "problem connect: no connection to redis://127.0.0.1:"
                + redis.port()
                + ": connection refused | start redis-server, or say where it listens:"
                + " REDIS_ADDRESS=HOST:PORT, or --redis=URI"),
        report.bad("problem"));
  }

  @Test
  void hostThatIsNotFound(RedisServer redis) throws IOException, InterruptedException {
    Patient.Report report = at(redis).examine("--redis=redis://no-such-host.invalid");
    assertEquals(1, report.code());
    String told = report.of("connect").getFirst();
    assertTrue(
        told.startsWith(
            "problem connect: no connection to redis://no-such-host.invalid:6379: host not "),
        told);
  }

  @Test
  void socketThatIsNotThere(RedisServer redis) throws IOException, InterruptedException {
    Patient.Report report = at(redis).examine("--redis=redis-socket:///no/such/socket");
    assertEquals(
        List.of(
            "problem connect: no connection to redis-socket:///no/such/socket: no such socket |"
                + " start redis-server, or say where it listens: REDIS_ADDRESS=HOST:PORT, or"
                + " --redis=URI"),
        report.of("connect"));
  }

  @Test
  void serverThatDoesNotSpeakTls(RedisServer redis) throws IOException, InterruptedException {
    Patient.Report report = at(redis).examine("--redis=rediss://127.0.0.1:" + redis.port());
    assertEquals(1, report.code());
    String told = report.of("connect").getFirst();
    assertTrue(told.contains("TLS"), told);
  }

  @Test
  void wrongPasswordIsNotShown(@RedisOptions({"--requirepass", "righ7"}) RedisServer redis)
      throws IOException, InterruptedException {
    at(redis);
    Patient.Said said =
        patient.run(
            "--agentid=module/test1",
            "--eventsdir=" + patient.events(),
            "--json",
            "--redis=redis://default:wr0ng@127.0.0.1:" + redis.port());
    Patient.Report report = Patient.report(said);
    assertEquals(1, report.code());
    assertEquals(
        List.of(
            "problem connect: no connection to redis://127.0.0.1:"
                + redis.port()
                + ": wrong user or password for user \"default\", or the user is disabled | give"
                + " the right one by --redis=@FILE with redis://USER:PASSWORD@HOST:PORT in it, or"
                + " run ACL SETUSER default on >PASSWORD"),
        report.bad("problem"));
    assertFalse((said.out() + said.err()).contains("wr0ng"), said::out);
  }

  @Test
  void agentsIdIsThePassword(@RedisOptions({"--requirepass", "module/test1"}) RedisServer redis)
      throws IOException, InterruptedException {
    Patient.Said said =
        at(redis).run("--agentid=module/test1", "--eventsdir=" + patient.events(), "--json");
    assertEquals(0, Patient.report(said).code(), said::out);
  }

  @Test
  void userWhoMayNotSubscribe(RedisServer redis) throws IOException, InterruptedException {
    redis.command("ACL", "SETUSER", "default", "resetchannels");
    Patient.Report report = at(redis).examine();
    assertEquals(1, report.code());
    assertEquals(
        List.of(
            "problem subscribe: user \"default\" may not subscribe to */event/* | run ACL SETUSER"
                + " default +psubscribe &*/event/*"),
        report.bad("problem"));
    redis.command("ACL", "SETUSER", "default", "&*/event/*");
    assertEquals(0, patient.examine().code(), "the cure cures");
  }

  @Test
  void userWhoMayNotReadTheJournal(RedisServer redis) throws IOException, InterruptedException {
    at(redis).record(2);
    redis.command(
        "ACL",
        "SETUSER",
        "reader",
        "on",
        "nopass",
        "resetkeys",
        "&*",
        "-@all",
        "+hello",
        "+auth",
        "+ping",
        "+client|setname",
        "+psubscribe");
    Patient.Report report =
        patient.examineWithJournal("--redis=redis://reader:x@127.0.0.1:" + redis.port());
    assertEquals(1, report.code());
    assertEquals(
        List.of(
            "problem journal: cannot read the journal \"cluster/events\" at redis://127.0.0.1:"
                + redis.port()
                + ": user \"reader\" may not | run ACL SETUSER reader +xrange +xrevrange"
                + " %R~cluster/events"),
        report.bad("problem"));
    assertEquals(
        List.of(
            "note server: not known: user \"reader\" may not ask for version, role, memory and"
                + " persistence | to know, run ACL SETUSER reader +info"),
        report.of("server"));
    assertEquals(
        List.of(
            "note clock: not known: user \"reader\" may not ask for the server's clock | to know,"
                + " run ACL SETUSER reader +time"),
        report.of("clock"));
    redis.command(
        "ACL",
        "SETUSER",
        "reader",
        "+xrange",
        "+xrevrange",
        "%R~cluster/events",
        "+info",
        "+time",
        "+config|get");
    Patient.Report cured =
        patient.examineWithJournal("--redis=redis://reader:x@127.0.0.1:" + redis.port());
    assertEquals(0, cured.code(), cured::toString);
    assertEquals(List.of(), cured.of("server"));
  }

  @Test
  void evictionAndMissingAofThreatenTheJournalAlone(
      @RedisOptions({"--maxmemory", "64mb", "--maxmemory-policy", "allkeys-lru"}) RedisServer redis)
      throws IOException, InterruptedException {
    at(redis).record(2);
    Patient.Report report = patient.examineWithJournal();
    assertEquals(1, report.code());
    assertEquals(
        List.of(
            "problem memory: maxmemory-policy allkeys-lru: Redis may throw the journal away when"
                + " it has used its maxmemory of 64 MiB | run CONFIG SET maxmemory-policy"
                + " noeviction, and set it in redis.conf",
            "warning aof: appendonly no: a Redis that ends forgets what the journal got since its"
                + " last snapshot | run CONFIG SET appendonly yes, and set it in redis.conf"),
        ofOurs(report.bad("problem", "warning")));
    assertEquals(0, patient.examine().code(), "without a journal it is nothing to the agent");
    redis.command("CONFIG", "SET", "maxmemory-policy", "noeviction");
    redis.command("CONFIG", "SET", "appendonly", "yes");
    assertEquals(List.of(), ofOurs(patient.examineWithJournal().bad("problem", "warning")));
  }

  @Test
  void smallBufferForSubscribers(RedisServer redis) throws IOException, InterruptedException {
    redis.command("CONFIG", "SET", "client-output-buffer-limit", "pubsub 1048576 0 0");
    Patient.Report report = at(redis).examine();
    assertEquals(
        List.of(
            "warning buffers: client-output-buffer-limit pubsub is 1048576: Redis drops whoever"
                + " lags behind a burst of events by that many bytes | run CONFIG SET"
                + " client-output-buffer-limit \"pubsub 33554432 8388608 60\", and set it in"
                + " redis.conf"),
        report.of("buffers"));
    assertEquals(0, report.code());
    assertEquals(1, patient.examine("--strict").code());
  }

  @Test
  void recordersAreCounted(RedisServer redis) throws IOException, InterruptedException {
    at(redis);
    assertEquals(
        List.of(
            "warning recorders: no recorder is there: what agents miss from now on is lost | "
                + START
                + " on the primary's machine"),
        patient.examineWithJournal().of("recorders"));
    patient.record(1);
    assertEquals(
        List.of(
            "warning recorders: one recorder alone: what is published while it is away is lost | "
                + START
                + ", of which one runs already"),
        patient.examineWithJournal().of("recorders"));
  }

  @Test
  void agentThatIsDownLagsBehindTheJournal(RedisServer redis)
      throws IOException, InterruptedException {
    at(redis).record(2);
    assertEquals(
        List.of("note lag: this agent has not run with --journal yet"),
        patient.examineWithJournal().of("lag"));
    Process agent = patient.agent();
    redis.publish("cluster/event/user-created", "{}");
    Path state = patient.state().resolve("module+test1");
    Eventually.await("a cursor", Duration.ofSeconds(20), () -> hasCursor(state));
    Eventually.await(
        "all is run",
        Duration.ofSeconds(20),
        () ->
            patient
                .examineWithJournal()
                .of("lag")
                .equals(List.of("ok lag: all that is recorded has been run")));
    agent.destroyForcibly().onExit().join();
    for (int i = 0; i < 3; i++) {
      redis.publish("cluster/event/user-created", "{}");
    }
    Patient.Report report = patient.examineWithJournal();
    String lag = report.of("lag").getFirst();
    assertTrue(
        lag.matches(
            "note lag: 3 recorded events are not run yet, the oldest of which is of \\d+ s ago"),
        lag);
    assertEquals(
        List.of("note process: no process keeps this agent's journal now"), report.of("process"));
    redis.command("DEL", "cluster/events", "cluster/events/recorders");
    assertEquals(
        List.of(
            "warning lag: the agent has been further than the journal goes: its memory was lost |"
                + " nothing, if the journal was emptied on purpose; else see what Redis forgot, and"
                + " why"),
        patient.examineWithJournal().of("lag"));
  }

  private static boolean hasCursor(Path state) throws IOException {
    try (Stream<Path> files = Files.list(state)) {
      for (Path file : files.filter(f -> f.toString().contains("/journal-")).toList()) {
        if (Files.readAllLines(file).stream().anyMatch(line -> line.startsWith("C "))) {
          return true;
        }
      }
      return false;
    }
  }

  @Test
  void serverThatTakesConnectionsAndSaysNothing(RedisServer redis)
      throws IOException, InterruptedException {
    at(redis);
    try (ServerSocket silent = new ServerSocket(0, 10, InetAddress.getLoopbackAddress())) {
      Patient.Report report =
          patient.examineWithJournal("--redis=redis://127.0.0.1:" + silent.getLocalPort());
      assertEquals(1, report.code());
      assertEquals(
          List.of(
              "problem connect: no connection to redis://127.0.0.1:"
                  + silent.getLocalPort()
                  + ": the server does not answer: timed out | it takes connections and says"
                  + " nothing: see that this is a Redis, and that it is neither stopped nor busy"
                  + " (redis-cli --latency there)"),
          report.bad("problem"));
    }
  }

  @Test
  void replicaWhoseLinkIsDown(RedisServer redis) throws IOException, InterruptedException {
    try (RedisServer primary = RedisServer.stopped()) {
      redis.command("REPLICAOF", "127.0.0.1", "" + primary.port());
      Patient.Report report = at(redis).examine();
      assertEquals(1, report.code());
      assertEquals(
          List.of(
              "problem role: a replica whose link to its primary 127.0.0.1:"
                  + primary.port()
                  + " is down: what is published there is not heard here | look into this"
                  + " server's log; see that the primary runs, and that masteruser and masterauth"
                  + " are right"),
          report.bad("problem"));
    }
  }
}
