package org.nethserver.events.redis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.lettuce.core.SslVerifyMode;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nethserver.events.api.spi.TransportSettings.Credentials;

final class RedisAddressTests {
  private static RedisAddress parse(String text) {
    return RedisAddress.parse(URI.create(text));
  }

  @ParameterizedTest
  @CsvSource({
    "redis://localhost, localhost, 6379",
    "redis://10.5.4.1:6380/0, 10.5.4.1, 6380",
    "redis://user:pw@host_with_underscore:7000, host_with_underscore, 7000",
    "redis://[fd00::1], fd00::1, 6379",
    "redis://pw@[fd00::1]:6390, fd00::1, 6390",
    "rediss://host:1?db=3, host, 1",
  })
  void hostAndPortAreFound(String text, String host, int port) {
    assertEquals(new Endpoint.Tcp(host, port), parse(text).endpoint());
  }

  @Test
  void userAndPasswordAreDecodedApart() {
    assertEquals(
        Optional.of(new Credentials("module/x:1", "p@s:s+w%")),
        parse("redis://module%2Fx%3A1:p%40s:s+w%25@host").login());
  }

  @Test
  void userPartWithoutColonIsAPassword() {
    assertEquals(Optional.of(new Credentials("", "pw")), parse("redis://pw@host").login());
    assertEquals(Optional.of(new Credentials("", "pw")), parse("redis://:pw@host").login());
    assertEquals("default", parse("redis://pw@host").user(Optional.empty()));
  }

  @Test
  void userOfTheSettingsCountsWhereTheAddressHasNone() {
    Optional<Credentials> settings = Optional.of(new Credentials("agent", "x"));
    assertEquals("agent", parse("redis://host").user(settings));
    assertEquals("other", parse("redis://other:pw@host").user(settings));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "redis-socket:///run/redis.sock",
        "redis+socket:///run/redis.sock",
        "redis+unix:///run/redis.sock",
        "unix:/run/redis.sock",
        "redis-socket://user:pw@/run/redis.sock?db=0"
      })
  void socketsHaveAPath(String text) {
    assertEquals(new Endpoint.Unix(Path.of("/run/redis.sock")), parse(text).endpoint());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "redis-sentinel://pw@a:1,b,c:3#main",
        "redis-sentinel://pw@a:1,b,c:3?sentinelMasterId=main"
      })
  void sentinelsAndTheirNameForThePrimaryAreFound(String text) {
    assertEquals(
        new Endpoint.Sentinels(
            List.of(
                new Endpoint.Tcp("a", 1), new Endpoint.Tcp("b", 26379), new Endpoint.Tcp("c", 3)),
            "main"),
        parse(text).endpoint());
    assertEquals("redis-sentinel://a:1,b:26379,c:3#main", parse(text).toString());
  }

  @Test
  void tlsChecksEverythingUnlessTold() {
    assertEquals(
        Optional.of(new RedisAddress.Tls(SslVerifyMode.FULL, Optional.empty())),
        parse("rediss://host").tls());
    assertEquals(
        Optional.of(new RedisAddress.Tls(SslVerifyMode.CA, Optional.of(Path.of("/ca dir/x.pem")))),
        parse("rediss-sentinel://host?verifyPeer=ca&ca-file=/ca%20dir/x.pem#main").tls());
    assertEquals(Optional.empty(), parse("redis://host").tls());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "redis://user:se-cret@host:6380/1",
        "redis://se-cret@host_x",
        "redis-socket://user:se-cret@/run/redis.sock",
        "redis-sentinel://user:se-cret@a,b#main"
      })
  void shownAddressHasNoSecret(String text) {
    assertFalse(parse(text).toString().contains("cret"), parse(text).toString());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "http://host | the scheme \"http\" is none of",
        "redis://user:se-cret@ | the address has no host",
        "redis:///0 | the address has no host",
        "redis://se-cret@host:99999 | the port \"99999\" is not within 1 to 65535",
        "redis://se-cret@host:x | the port \"x\" is not within",
        "redis://a,b | the address has several hosts; give one, or sentinels",
        "redis-socket://host/run/x | the address has no absolute path of a socket",
        "unix:relative | the address has no absolute path of a socket",
        "redis-sentinel://se-cret@a,b | append #mymaster",
        "redis://host?ca-file=/x | the address has unknown parameters [ca-file]; known are",
        "rediss://host?verifyPeer=maybe | verifyPeer is \"MAYBE\"; it must be FULL, CA or NONE",
        "rediss://host?verify | the parameter \"verify\" has no value",
      })
  void whatCannotWorkIsToldWithoutSecrets(String text, String expected) {
    String message = assertThrows(IllegalArgumentException.class, () -> parse(text)).getMessage();
    assertEquals(true, message.contains(expected), message);
    assertFalse(message.contains("cret"), message);
  }

  @Test
  void providerServesAllSchemes() {
    assertEquals(RedisAddress.SCHEMES, new RedisTransportProvider().schemes());
  }
}
