package org.nethserver.events.agent.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nethserver.events.agent.run.EventFiles;
import org.nethserver.events.agent.run.Policy;
import org.nethserver.events.agent.run.Verdict;
import org.nethserver.events.api.Channel;
import org.nethserver.events.api.Event;
import org.nethserver.events.api.Payload;
import org.nethserver.events.api.Variables;
import org.nethserver.events.api.spi.EventFile;
import org.nethserver.events.api.spi.StepEntry;
import org.nethserver.events.api.spi.StepEntry.Disposition;

final class PoliciesTests {
  private static final String CHANNEL = "module/traefik1/event/certificate-changed";
  private static final Variables VARIABLES =
      Variables.of(List.of("NODE_ID=1".getBytes(java.nio.charset.StandardCharsets.UTF_8)));

  private final List<String> problems = new CopyOnWriteArrayList<>();
  private final Policies policies = new Policies(problems::add);

  private static Optional<StepEntry> file(EventFile file, String content) {
    Payload bytes = Payload.of(content.replace('\'', '"'));
    return Optional.of(
        new StepEntry(file.fileName(), "/e/" + file.fileName(), new Disposition.Document(bytes)));
  }

  private static EventFiles policy(String content) {
    return new EventFiles(file(EventFile.POLICY, content), Optional.empty());
  }

  private Verdict judge(EventFiles files, String channel, String payload) {
    CompletableFuture<Verdict> verdict = new CompletableFuture<>();
    Event event =
        new Event(
            "1", Channel.parse(channel), Payload.of(payload.replace('\'', '"')), Instant.EPOCH);
    policies.judge(event, files, VARIABLES, verdict::complete);
    return verdict.orTimeout(30, TimeUnit.SECONDS).join();
  }

  private Verdict judge(String policy, String payload) {
    return judge(policy(policy), CHANNEL, payload);
  }

  private Verdict.Runs runs(String policy, String payload) {
    return assertInstanceOf(Verdict.Runs.class, judge(policy, payload));
  }

  private void assertFiltered(String why, Verdict verdict) {
    assertEquals(new Verdict.Filtered(why), verdict);
  }

  @Test
  void policyIsReadAsItIsWritten() {
    Policy policy =
        runs(
                "{'coalesce': {'window': '5s', 'key': ['/domain']}, 'lane': 'certificates',"
                    + " 'timeout': '10m', 'maxConcurrent': 2, 'retry': {'attempts': 4,"
                    + " 'exitCodes': [75, 111]}}",
                "{}")
            .policy();
    assertEquals(
        new Policy(
            Optional.of(new Policy.Coalesce(Duration.ofSeconds(5), Duration.ofSeconds(50))),
            Optional.of(new Policy.Lane.Named("certificates")),
            OptionalInt.of(2),
            Optional.of(Duration.ofMinutes(10)),
            Optional.of(
                new Policy.Retry(
                    4,
                    Duration.ofSeconds(1),
                    Duration.ofMinutes(5),
                    Optional.of(Set.of(75, 111))))),
        policy);
    assertEquals(
        Optional.of(new Policy.Lane.Free()), runs("{'ordering': 'none'}", "{}").policy().lane());
    assertEquals(
        Optional.empty(),
        runs("{'retry': {'attempts': 2, 'exitCodes': 'any'}}", "{}")
            .policy()
            .retry()
            .orElseThrow()
            .exitCodes());
    assertEquals(Policy.NONE, runs("{}", "no JSON").policy());
    assertEquals(List.of(), problems);
  }

  @Test
  void sourcesAreGlobs() {
    EventFiles files = policy("{'sources': ['module/traefik*', 'cluster']}");
    assertInstanceOf(Verdict.Runs.class, judge(files, CHANNEL, "no JSON"));
    assertInstanceOf(
        Verdict.Runs.class, judge(files, "cluster/event/certificate-changed", "no JSON"));
    assertFiltered(
        "its source is none of [module/traefik*, cluster]",
        judge(files, "module/mail1/event/certificate-changed", "no JSON"));
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '`',
      value = {
        "{'/node_id': '$NODE_ID'}, {'node_id': 1}, true",
        "{'/node_id': '$NODE_ID'}, {'node_id': '1'}, true",
        "{'/node_id': '$NODE_ID'}, {'node_id': 2}, false",
        "{'/node_id': '$NODE_ID'}, {}, false",
        "{'/node_id': 1}, {'node_id': 1.0}, true",
        "{'/node_id': 1}, {'node_id': '1'}, false",
        "{'/node_id': '1'}, {'node_id': 1}, false",
        "{'/a/0/b~1c': true}, {'a': [{'b/c': true}]}, true",
        "{'/a': null}, {'a': null}, true",
        "{'/a': null}, {}, false",
        "{'/a': '$$NODE_ID'}, {'a': '$NODE_ID'}, true",
        "{'/a': 'x'}, {'a': ['x']}, false",
        "{'/a': 'x'}, no JSON, false",
      })
  void conditionHoldsOrNot(String when, String payload, boolean holds) {
    Verdict verdict = judge("{'when': " + when + "}", payload);
    assertEquals(holds, verdict instanceof Verdict.Runs, verdict::toString);
  }

  @Test
  void allConditionsMustHold() {
    String policy = "{'when': {'/a': 1, '/b': 2}}";
    assertInstanceOf(Verdict.Runs.class, judge(policy, "{'a': 1, 'b': 2}"));
    assertFiltered("/b is not 2", judge(policy, "{'a': 1, 'b': 3}"));
  }

  @Test
  void conditionOnAVariableThatIsNotSetIsToldOnceAndHolds() {
    for (int i = 0; i < 3; i++) {
      assertInstanceOf(Verdict.Runs.class, judge("{'when': {'/a': '$NOWHERE'}}", "{}"));
    }
    assertEquals(
        List.of(
            "A condition of the policy of certificate-changed is not used: the variable NOWHERE is"
                + " not set; set it in the agent's environment, or mend handler.json"),
        problems);
  }

  @Test
  void keyIsWhatThePointersFind() {
    String policy = "{'coalesce': {'window': '1s', 'key': ['/domain', '/n']}}";
    String key = runs(policy, "{'domain': 'a.org', 'n': 1}").key();
    assertEquals(key, runs(policy, "{'n': 1, 'other': true, 'domain': 'a.org'}").key());
    assertTrue(!key.equals(runs(policy, "{'domain': 'a.org'}").key()));
    assertTrue(!key.equals(runs(policy, "{'domain': 'b.org', 'n': 1}").key()));
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '`',
      delimiter = '|',
      value = {
        "{'sorces': ['x']} | has the unknown key \"sorces\"; did you mean \"sources\"?",
        "{'retry': {'attempts': 2, 'dely': '1s'}} | /retry has the unknown key \"dely\"; did you"
            + " mean \"delay\"?",
        "{'retry': {}} | /retry lacks the key \"attempts\"; add it, an integer (how often a step"
            + " that fails is started, the first time included)",
        "{'timeout': '10 minutes'} | /timeout is no duration; one looks like 500ms, 10s or 1h30m",
        "{'when': {'node_id': 1}} | /when has a key that is no JSON Pointer; one looks like"
            + " /node_id",
        "{'lane': 'a', 'ordering': 'none'} | has both a lane and an ordering; leave one out",
        "{'maxConcurrent': 0} | /maxConcurrent must be at least 1",
        "[] | the file is an array; send an object",
        "{'lane': 'a' | is not JSON: it ends too early (line 1, column 13); complete it",
        "`` | is empty",
      })
  void badFileIsOneClearSentenceAndTheEventRuns(String policy, String why) {
    assertEquals(Verdict.AS_EVER, judge(policy, "{}"));
    assertEquals(Verdict.AS_EVER, judge(policy, "{}"));
    assertEquals(List.of("\"/e/handler.json\" is not used: " + why.strip()), problems);
  }

  @Test
  void refusedFileIsToldOfAndTheEventRuns() {
    EventFiles files =
        new EventFiles(
            Optional.of(
                new StepEntry(
                    EventFile.POLICY.fileName(),
                    "/e/handler.json",
                    new Disposition.Refused("writable by everyone"))),
            Optional.empty());
    assertEquals(Verdict.AS_EVER, judge(files, CHANNEL, "{}"));
    assertEquals(List.of("\"/e/handler.json\" is not used: writable by everyone"), problems);
  }

  private static EventFiles validated(String policy, String schema) {
    return new EventFiles(
        policy.isEmpty() ? Optional.empty() : file(EventFile.POLICY, policy),
        file(EventFile.INPUT_SCHEMA, schema));
  }

  @Test
  void payloadThatBreaksItsSchemaIsToldOfOrRejected() {
    String schema =
        "{'type': 'object', 'required': ['names'], 'properties': {'names': {'type': 'array'}}}";
    String why = "/names is a string; send an array";
    assertEquals(
        new Verdict.Runs(Policy.NONE, "", Optional.of(why)),
        judge(validated("", schema), CHANNEL, "{'names': 'secret'}"));
    assertEquals(
        new Verdict.Invalid(why),
        judge(validated("{'invalidInput': 'reject'}", schema), CHANNEL, "{'names': 'secret'}"));
    assertEquals(Verdict.AS_EVER, judge(validated("", schema), CHANNEL, "{'names': []}"));
    assertEquals(
        new Verdict.Invalid(
            "the payload is not JSON (line 1, column 1); begin it with { and end it" + " with }"),
        judge(validated("{'invalidInput': 'reject'}", schema), CHANNEL, "secret"));
    assertEquals(List.of(), problems);
  }

  @Test
  void badSchemaIsOneClearSentenceAndTheEventRuns() {
    EventFiles files = validated("{'invalidInput': 'reject'}", "{'type': 'objekt'}");
    assertEquals(Verdict.AS_EVER, judge(files, CHANNEL, "[]"));
    assertEquals(1, problems.size());
    assertTrue(
        problems.getFirst().startsWith("\"/e/validate-input.json\" is not used: /type must be"),
        problems::toString);
  }

  @Test
  void patternWithoutEndIsGivenUp() {
    EventFiles files = validated("{'invalidInput': 'reject'}", "{'pattern': '^(a+)+(b+)+(a|a)*$'}");
    String payload = "'" + "a".repeat(40_000) + "!'";
    Verdict.Invalid invalid =
        assertInstanceOf(Verdict.Invalid.class, judge(files, CHANNEL, payload));
    assertEquals(
        "the pattern \"^(a+)+(b+)+(a|a)*$\" takes longer than 1 s on the payload; write one that"
            + " repeats nothing within what is repeated",
        invalid.why());
  }

  @Test
  void verdictsComeInTheOrderOfTheEvents() {
    EventFiles files = policy("{'sources': ['module/*']}");
    List<Integer> order = new CopyOnWriteArrayList<>();
    CompletableFuture<Void> all = new CompletableFuture<>();
    IntStream.range(0, 1_000)
        .forEach(
            i ->
                policies.judge(
                    new Event("" + i, Channel.parse(CHANNEL), Payload.of("{}"), Instant.EPOCH),
                    i % 3 == 0 ? EventFiles.NONE : files,
                    VARIABLES,
                    _ -> {
                      order.add(i);
                      if (i == 999) {
                        all.complete(null);
                      }
                    }));
    all.orTimeout(30, TimeUnit.SECONDS).join();
    assertEquals(IntStream.range(0, 1_000).boxed().toList(), order);
  }
}
