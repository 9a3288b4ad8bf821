package org.nethserver.events.agent.catalog;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nethserver.events.api.Payload;

final class LintTests {
  private static final String ADDED = "cluster/event/module-added";
  private static final String UNKNOWN = "module/mine1/event/frobnicator-replaced";

  private final Lint lint = new Lint(Catalog.wellKnown());

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\0',
      textBlock =
          """
          module/ldapproxy1/event/user-domain-changed | {"node_id": 1, "domain": "a.org", "domains": ["a.org"]}
          cluster/event/user-domain-changed    | {"domain": "a.org", "domains": ["a.org"]}
          cluster/event/module-added           | {"module": "mail1", "node": 1}
          cluster/event/module-removed         | {"module": "mail1", "node": "1"}
          cluster/event/module-removed         | {"module": "mail1", "node": 1}
          cluster/event/acl-changed            | cluster/acls
          cluster/event/subscription-changed   | {"action": "terminated"}
          cluster/event/smarthost-changed      | {"key": "cluster/smarthost", "more": true}
          cluster/event/vpn-changed            | {"node_id": "3"}
          module/traefik12/event/hosts-changed | {"node_id": "2"}
          node/2/event/fqdn-changed            | {"hostname": "n", "domain": "a.org", "node": 2}
          node/1/event/support-session-started | {"reason": "x", "node_id": "1", "session_id": null, "support_user": null}
          module/samba1/event/service-ldap-changed | {"domain": "a.org", "node": 1, "key": "module/samba1/srv/tcp/ldap"}
          module/loki1/event/metrics-target-changed | {}
          """)
  void findsNothingInAGoodEvent(String channel, String payload) {
    assertEquals(List.of(), lint.check(channel, Payload.of(payload)));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\0',
      textBlock =
          """
          module/ldapproxy1/event/user-domain-changed | {"domain": "a.org"} | the payload lacks the key "domains"; add it, an array (The domains that changed)
          cluster/event/module-added           | {"module": "mail1", "node": "1"} | /node is a string; send an integer: take the quotes away
          cluster/event/module-added           | {"module": "mail1", "node": 0} | /node must be at least 1
          cluster/event/module-removed         | {"module": "mail1", "node": "one"} | /node must match the pattern "^[0-9]+$"
          cluster/event/module-removed         | {"module": "mail1", "node": true} | /node is a boolean; send an integer or a string
          cluster/event/acl-changed            | "cluster/acls" | the payload must be "cluster/acls"
          cluster/event/subscription-changed   | {"action": "renewed"} | /action must be one of "subscribed", "terminated"
          cluster/event/smarthost-changed      | {"key": "x"} | /key must be "cluster/smarthost"
          cluster/event/vpn-changed            | {} | the payload lacks the key "node_id"; add it, an integer or a string (Node that it is about)
          module/traefik1/event/hosts-changed  | {"node_id": 2} | /node_id is an integer; send a string: put the number in quotes
          node/2/event/fqdn-changed            | {"hostname": 1, "domain": "a.org", "node": 2} | /hostname is an integer; send a string: put the number in quotes
          node/1/event/support-session-started | {"reason": "x", "node_id": "1", "session_id": [], "support_user": null} | /session_id is an array; send a string or null
          module/samba1/event/service-ldap-changed | {"domain": "a.org", "node": 1} | the payload lacks the key "key"; add it, a string (Redis key of the service record)
          cluster/event/module-domain-changed  | {"modules": ["mail1", 7], "domains": []} | /modules/1 is an integer; send a string: put the number in quotes
          module/traefik1/event/certificate-changed | {"node_id": 1, "module_id": "traefik1", "names": []} | /names must have at least 1 item
          """)
  void saysWhatToChangeForTheSchema(String channel, String payload, String message) {
    assertEquals(
        List.of("error payload-schema: " + message),
        texts(lint.check(channel, Payload.of(payload))));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\0',
      textBlock =
          """
          module-added | error channel-shape: the channel has no "/event/" between source and name; a channel is SOURCE/event/NAME, as in cluster/event/module-added
          x/event/../actions/foo | error channel-shape: the event name begins with "."; begin it with a letter or digit; a channel is SOURCE/event/NAME, as in cluster/event/module-added
          cluster/event/Module_Added | error name-kebab-case: the name "Module_Added" is not in kebab-case; use "module-added"
          cluster/event/userCreated | error name-kebab-case: the name "userCreated" is not in kebab-case; use "user-created"
          cluster/event/frobnicator-start | warning name-past-tense: the name "frobnicator-start" does not end in the past tense; an event tells what has happened, so call it "frobnicator-started"
          cluster/event/frobnicator | warning name-past-tense: the name "frobnicator" does not end in the past tense; an event tells what has happened, so call it "frobnicator-changed" or the like
          cluster/event/module-aded | warning name-unknown: the catalogue does not know "module-aded"; did you mean "module-added"?
          cluster/event/frobnicator-replaced | info name-unknown: the catalogue does not know "frobnicator-replaced"
          cluster/event/domain-changed | info name-unknown: the catalogue does not know "domain-changed"; it has user-domain-changed, module-domain-changed
          mine/event/frobnicator-replaced | info source-unusual: the source "mine" is unusual; sources are mostly cluster, node/<n> or module/<id>
          module/traefik1/event/test | info name-past-tense: the name "test" does not end in the past tense, and is excused: Kept as it stands in the documentation, which uses it as an example.
          cluster/event/ldap-changed | info name-status: "ldap-changed" is unpublished (listened to, but published by nobody)
          cluster/event/account-provider-changed | info name-status: "account-provider-changed" is documented (described by the documentation of NS8, published by no known module); use service-ldap-changed, ldap-provider-changed, user-domain-changed
          module/node_exporter1/event/service-prometheus-metrics-updated | warning name-deprecated: "service-prometheus-metrics-updated" is retired (neither published nor listened to any more)
          module/mine1/event/metrics-target-changed | none
          node/1/event/module-added | warning source-unknown: the source "node/1" is not known for "module-added"; listeners expect cluster
          module/nethvoice-proxy1/event/pbx-settings-changed | warning source-unknown: the source "module/nethvoice-proxy1" is not known for "pbx-settings-changed"; listeners expect module/nethvoice<n>
          """)
  void checksTheChannel(String channel, String finding) {
    List<String> findings =
        texts(lint.check(channel, Payload.of("{}"))).stream()
            .filter(text -> !text.contains("payload-"))
            .toList();
    if (finding.equals("none")) {
      assertEquals(List.of(), findings);
    } else {
      assertTrue(findings.contains(finding), findings::toString);
    }
  }

  @Test
  void warnsOfADeprecatedEventWithItsReplacement() {
    String payload =
        """
        {"rkey": "k", "node": "1", "module": "traefik1", "domain": {"main": "a.org"}, "custom": true}
        """;
    assertEquals(
        List.of(
            "warning name-deprecated: \"certificate-updated\" is deprecated"
                + " (replaced, still published); use certificate-changed"),
        texts(lint.check("module/traefik1/event/certificate-updated", Payload.of(payload))));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\0',
      textBlock =
          """
          []              | error payload-object: the payload is no JSON object; wrap it in one, as in {"key": ...}
          "text"          | error payload-object: the payload is no JSON object; wrap it in one, as in {"key": ...}
          {"a": 1         | error payload-json: the payload is not JSON: it ends too early (line 1, column 8); complete it
          {"a": 1} {}     | error payload-json: the payload goes on behind its JSON value (line 1, column 9); leave the rest out
          {"a": 1}x       | error payload-json: the payload goes on behind its JSON value (line 1, column 9); leave the rest out
          {'a': 1}        | error payload-json: the payload is not JSON (line 1, column 2); put keys and strings in double quotes, as Python's json.dumps does
          hunter2         | error payload-json: the payload is not JSON (line 1, column 1); begin it with { and end it with }
          {"a": 1,}       | error payload-json: the payload is not JSON (line 1, column 9); look for a missing quote, comma, colon or bracket there
          {"a": {"b": 1, "b": 2}} | error payload-duplicate-key: the payload has the key "/a/b" twice; keep one of them
          {"a": 1e99999}  | error payload-json: the payload has a number with an exponent beyond 1000 at "/a"; send it as a string
          {"user": {"bind_Password": "hunter2"}} | warning payload-secret: /user/bind_Password seems to be a secret, which everybody who can read from Redis receives; send the Redis key to read it from
          {"tokens": [{"token": 1}], "secret": null} | warning payload-secret: /tokens/0/token seems to be a secret, which everybody who can read from Redis receives; send the Redis key to read it from
          """)
  void checksThePayload(String payload, String finding) {
    List<String> findings = texts(lint.check(UNKNOWN, Payload.of(payload)));
    assertEquals(
        List.of("info name-unknown: the catalogue does not know \"frobnicator-replaced\"", finding),
        findings);
  }

  @Test
  void refusesAnEmptyOrBlankPayload() {
    assertTrue(
        texts(lint.check(ADDED, Payload.EMPTY))
            .contains(
                "error payload-empty: the payload is empty; send a JSON object, {} at least"));
    assertTrue(
        texts(lint.check(ADDED, Payload.of(" \n")))
            .contains(
                "error payload-empty: the payload is blank; send a JSON object, {} at least"));
  }

  @Test
  void refusesWhatIsNotUtf8() {
    Payload latin = Payload.of("{\"a\": \"\u00e9\"}".getBytes(ISO_8859_1));
    String finding =
        "error payload-utf8: the payload is not UTF-8: byte 8 is wrong; encode it as UTF-8";
    assertTrue(texts(lint.check(UNKNOWN, latin)).contains(finding));
    assertTrue(texts(lint.check("cluster/event/acl-changed", latin)).contains(finding));
    Payload marked = Payload.of("\ufeff{}");
    assertTrue(
        texts(lint.check(UNKNOWN, marked))
            .contains(
                "error payload-json: the payload begins with a byte order mark; leave it out"));
  }

  @Test
  void surviesDeepNesting() {
    assertTrue(
        texts(lint.check(UNKNOWN, Payload.of("{\"a\":" + "[".repeat(100_000))))
            .contains(
                "error payload-json: the payload is too deep, or has too long a key or number;"
                    + " make it simpler"));
  }

  @Test
  void measuresThePayload() {
    assertFalse(hasRule(lint.check(UNKNOWN, ofSize(Lint.LARGE_BYTES)), "payload-size"));
    assertEquals(
        "warning payload-size: the payload has 65,537 bytes, more than 64 KiB;"
            + " send the ids, or the Redis key to read the rest from",
        texts(lint.check(UNKNOWN, ofSize(Lint.LARGE_BYTES + 1))).getLast());
    assertEquals(
        Severity.WARNING, lint.check(UNKNOWN, ofSize(Lint.MAX_BYTES)).getLast().severity());
    assertEquals(
        "error payload-size: the payload has 1,048,577 bytes, more than 1 MiB;"
            + " send the ids, or the Redis key to read the rest from",
        texts(lint.check(UNKNOWN, ofSize(Lint.MAX_BYTES + 1))).getLast());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"domain\": \"hunter2\", \"domains\": \"hunter2\", \"node_id\": \"hunter2\"}",
        "{\"domains\": [], \"domain\": {\"password\": \"hunter2\"}}",
        "{\"domains\": [\"hunter2\", 1], \"domain\": hunter2}",
        "{\"domains\": \"hunter2",
        "hunter2"
      })
  void neverTellsAValueOfThePayload(String payload) {
    List<Finding> findings =
        lint.check("module/ldapproxy1/event/user-domain-changed", Payload.of(payload));
    assertFalse(findings.isEmpty());
    assertFalse(findings.toString().contains("hunter2"), findings::toString);
  }

  @Test
  void escapesWhatATerminalWouldObey() {
    String key = "a\\u001b[2J\\u202e-password";
    List<Finding> findings = lint.check(UNKNOWN, Payload.of("{\"" + key + "\": 1}"));
    assertEquals(Severity.WARNING, findings.getLast().severity());
    assertTrue(
        findings.getLast().message().startsWith("/a\\x1b[2J\\u202e-password seems"),
        findings::toString);
    assertFalse(
        lint.check("x\u001b[2J/event/a-changed\u0007", Payload.of("{}"))
            .toString()
            .chars()
            .anyMatch(Character::isISOControl));
  }

  private static boolean hasRule(List<Finding> findings, String rule) {
    return findings.stream().anyMatch(finding -> finding.rule().equals(rule));
  }

  private static Payload ofSize(int bytes) {
    return Payload.of("{\"a\":\"" + "x".repeat(bytes - 8) + "\"}");
  }

  private static List<String> texts(List<Finding> findings) {
    return findings.stream().map(Finding::toString).toList();
  }
}
