package org.nethserver.events.redis;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.nethserver.events.api.spi.Recorder;

/**
 * What of an event becomes of it in the journal: its payload, or what is told instead. Each is a
 * list of names and values.
 */
final class EntryFields {
  static final String POSITION = "position";
  static final String CHANNEL = "channel";
  static final String PAYLOAD = "payload";
  static final String WITHHELD = "withheld";
  static final String LENGTH = "length";
  private static final String DIGEST = "sha256";
  private static final String LARGE = "large";
  private static final byte[] CHANNEL_BYTES = bytes(CHANNEL);
  private static final byte[] PAYLOAD_BYTES = bytes(PAYLOAD);

  private final Recorder.Plan plan;

  EntryFields(Recorder.Plan plan) {
    this.plan = plan;
  }

  List<byte[]> of(byte[] channel, byte[] payload) {
    Optional<String> why = plan.withheld().apply(channel);
    if (why.isPresent()) {
      // No digest: of a short secret it would be as good as the secret.
      return List.of(
          bytes(CHANNEL),
          channel,
          bytes(WITHHELD),
          bytes(why.get()),
          bytes(LENGTH),
          length(payload));
    }
    if (payload.length > plan.largest()) {
      return List.of(
          bytes(CHANNEL),
          channel,
          bytes(WITHHELD),
          bytes(LARGE),
          bytes(LENGTH),
          length(payload),
          bytes(DIGEST),
          hex(payload));
    }
    return List.of(CHANNEL_BYTES, channel, PAYLOAD_BYTES, payload);
  }

  private static byte[] length(byte[] payload) {
    return bytes(Integer.toString(payload.length));
  }

  private static byte[] hex(byte[] payload) {
    try {
      return bytes(HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(payload)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e); // every Java has it
    }
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
