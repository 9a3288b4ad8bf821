package org.nethserver.events.api;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * The bytes that came with an event, verbatim: mostly a JSON object, but not always, and not always
 * UTF-8. Immutable. Its {@link #toString} never shows them, since they may hold secrets.
 */
public final class Payload {
  /** No bytes at all. */
  public static final Payload EMPTY = new Payload(new byte[0]);

  private final byte[] bytes;

  private Payload(byte[] bytes) {
    this.bytes = bytes;
  }

  /**
   * Copies the bytes into a payload.
   *
   * @param bytes any bytes
   * @return the payload
   */
  public static Payload of(byte[] bytes) {
    return bytes.length == 0 ? EMPTY : new Payload(bytes.clone());
  }

  /**
   * Makes a payload of a text's UTF-8 bytes.
   *
   * @param text any text
   * @return the payload
   */
  public static Payload of(String text) {
    return wrap(text.getBytes(StandardCharsets.UTF_8));
  }

  /**
   * Makes a payload of an array without copying it: for transports, which own what they decoded.
   *
   * @param bytes any bytes, which the caller must not change any more
   * @return the payload
   */
  public static Payload wrap(byte[] bytes) {
    return bytes.length == 0 ? EMPTY : new Payload(bytes);
  }

  /** Returns the number of bytes. */
  public int size() {
    return bytes.length;
  }

  /** Returns a copy of the bytes. */
  public byte[] bytes() {
    return bytes.clone();
  }

  /** Returns a read-only view of the bytes, positioned at the first. */
  public ByteBuffer buffer() {
    return ByteBuffer.wrap(bytes).asReadOnlyBuffer();
  }

  /** Returns a new stream over the bytes. */
  public InputStream stream() {
    return new ByteArrayInputStream(bytes);
  }

  /** Returns the bytes decoded as UTF-8, what is malformed replaced by U+FFFD. */
  public String text() {
    return new String(bytes, StandardCharsets.UTF_8);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Payload that && Arrays.equals(bytes, that.bytes);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(bytes);
  }

  /** Returns the size alone: payloads are never logged. */
  @Override
  public String toString() {
    return "Payload[" + bytes.length + " bytes]";
  }
}
