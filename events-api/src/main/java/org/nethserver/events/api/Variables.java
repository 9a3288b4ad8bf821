package org.nethserver.events.api;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The environment of a step: names and values in order, the last of duplicates winning. Entries are
 * kept as raw bytes, since an environment need not be text. Immutable. {@link #toString} shows
 * neither names nor values.
 */
public final class Variables {
  /** No variables. */
  public static final Variables NONE = new Variables(Map.of());

  /** Name to {@code NAME=value}, both one char a byte. */
  private final Map<String, byte[]> entries;

  private Variables(Map<String, byte[]> entries) {
    this.entries = entries;
  }

  /**
   * Reads raw entries.
   *
   * @param lines {@code NAME=value} each; one without {@code =} is dropped, one with an empty name
   *     too
   * @return the variables
   */
  public static Variables of(Iterable<byte[]> lines) {
    return NONE.with(lines);
  }

  /**
   * Returns these variables with further raw entries, which win over the ones here.
   *
   * @param lines as in {@link #of}
   */
  public Variables with(Iterable<byte[]> lines) {
    Map<String, byte[]> merged = new LinkedHashMap<>(entries);
    for (byte[] line : lines) {
      put(merged, line);
    }
    return new Variables(merged);
  }

  /**
   * Returns these variables with one more, which wins over one of the same name.
   *
   * @param name without {@code =} and NUL
   * @param value without NUL
   */
  public Variables with(String name, String value) {
    return with(List.of((name + "=" + value).getBytes(StandardCharsets.UTF_8)));
  }

  /**
   * Returns these variables without some.
   *
   * @param names of those to leave out
   */
  public Variables without(Set<String> names) {
    Map<String, byte[]> left = new LinkedHashMap<>(entries);
    left.keySet().removeAll(names);
    return new Variables(left);
  }

  private static void put(Map<String, byte[]> merged, byte[] line) {
    int equals = 0;
    while (equals < line.length && line[equals] != '=') {
      equals++;
    }
    if (equals > 0 && equals < line.length) {
      String name = new String(line, 0, equals, StandardCharsets.ISO_8859_1);
      merged.put(name, line);
    }
  }

  /**
   * Returns the value of a variable as UTF-8, what is malformed replaced by U+FFFD; empty if it is
   * not set.
   *
   * @param name the variable's name, in ASCII
   */
  public Optional<String> value(String name) {
    byte[] entry = entries.get(name);
    if (entry == null) {
      return Optional.empty();
    }
    int start = name.length() + 1;
    return Optional.of(new String(entry, start, entry.length - start, StandardCharsets.UTF_8));
  }

  /** Returns the raw entries {@code NAME=value}; whoever takes them must not change them. */
  public Collection<byte[]> entries() {
    return new ArrayList<>(entries.values());
  }

  /** Returns the number of variables alone: values are never logged. */
  @Override
  public String toString() {
    return "Variables[" + entries.size() + "]";
  }
}
