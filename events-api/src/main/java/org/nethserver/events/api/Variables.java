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
 *
 * <p>The steps of all events have most variables in common: {@link #with} copies none of those that
 * {@link #of} read.
 */
public final class Variables {
  /** No variables. */
  public static final Variables NONE = new Variables(Map.of(), Map.of());

  /** Name, one char a byte, to {@code NAME=value}; shared with the variables made of these. */
  private final Map<String, byte[]> common;

  /** Those that win over the common ones. */
  private final Map<String, byte[]> own;

  private Variables(Map<String, byte[]> common, Map<String, byte[]> own) {
    this.common = common;
    this.own = own;
  }

  /**
   * Reads raw entries.
   *
   * @param lines {@code NAME=value} each; one without {@code =} is dropped, one with an empty name
   *     too
   * @return the variables
   */
  public static Variables of(Iterable<byte[]> lines) {
    Map<String, byte[]> entries = new LinkedHashMap<>();
    putAll(entries, lines);
    return new Variables(entries, Map.of());
  }

  /**
   * Returns these variables with further raw entries, which win over the ones here.
   *
   * @param lines as in {@link #of}
   */
  public Variables with(Iterable<byte[]> lines) {
    Map<String, byte[]> merged = new LinkedHashMap<>(own);
    putAll(merged, lines);
    return new Variables(common, merged);
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
    return new Variables(without(common, names), without(own, names));
  }

  private static Map<String, byte[]> without(Map<String, byte[]> entries, Set<String> names) {
    Map<String, byte[]> left = new LinkedHashMap<>(entries);
    left.keySet().removeAll(names);
    return left;
  }

  private static void putAll(Map<String, byte[]> merged, Iterable<byte[]> lines) {
    for (byte[] line : lines) {
      int equals = 0;
      while (equals < line.length && line[equals] != '=') {
        equals++;
      }
      if (equals > 0 && equals < line.length) {
        String name = new String(line, 0, equals, StandardCharsets.ISO_8859_1);
        merged.put(name, line);
      }
    }
  }

  /**
   * Returns the value of a variable as UTF-8, what is malformed replaced by U+FFFD; empty if it is
   * not set.
   *
   * @param name the variable's name, in ASCII
   */
  public Optional<String> value(String name) {
    byte[] entry = own.getOrDefault(name, common.get(name));
    if (entry == null) {
      return Optional.empty();
    }
    int start = name.length() + 1;
    return Optional.of(new String(entry, start, entry.length - start, StandardCharsets.UTF_8));
  }

  /** Returns the raw entries {@code NAME=value}; whoever takes them must not change them. */
  public Collection<byte[]> entries() {
    List<byte[]> all = new ArrayList<>(common.size() + own.size());
    for (Map.Entry<String, byte[]> entry : common.entrySet()) {
      if (!own.containsKey(entry.getKey())) {
        all.add(entry.getValue());
      }
    }
    all.addAll(own.values());
    return all;
  }

  /** Returns the number of variables alone: values are never logged. */
  @Override
  public String toString() {
    return "Variables[" + entries().size() + "]";
  }
}
