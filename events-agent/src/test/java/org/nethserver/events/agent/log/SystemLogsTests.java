package org.nethserver.events.agent.log;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class SystemLogsTests {
  @ParameterizedTest
  @CsvSource({
    "module/traefik1, agent@traefik1",
    "node/3, agent@node",
    "cluster, agent@cluster",
    "other/x, agent@other/x"
  })
  void identifierIsTheOneThatAdministratorsKnow(String agentId, String identifier) {
    assertEquals(identifier, SystemLogs.identifier(agentId));
  }
}
