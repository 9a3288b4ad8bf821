package org.nethserver.events.agent.plugins;

import java.lang.module.FindException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.nethserver.events.agent.run.ForeignFailure;

/** Says in plain words what the module system and the linker mean. */
final class Faults {
  private static final Pattern CLASS_VERSION =
      Pattern.compile("(?:class file version|major\\.minor version) ([0-9]+)");
  private static final Pattern MISSING_MODULE =
      Pattern.compile("Module (\\S+) not found(?:, required by (\\S+))?");

  /** Java 1.1 was 45. */
  private static final int CLASS_VERSION_BASE = 44;

  private Faults() {}

  /** For a jar whose module cannot be told. */
  static PluginFailure unreadable(Path jar, FindException e) {
    Throwable deepest = deepest(e);
    Optional<PluginFailure> version = classVersion(deepest, e);
    if (version.isPresent()) {
      return version.get();
    }
    String why = message(deepest);
    if (message(e).startsWith("Unable to derive module descriptor")
        && deepest instanceof IllegalArgumentException) {
      return new PluginFailure(
          "no name of a module can be made of the file name \"%s\" (%s)"
              .formatted(jar.getFileName(), why),
          "rename it, or name the module in its manifest: Automatic-Module-Name",
          e);
    }
    return new PluginFailure(
        "\"%s\" is no usable module (%s)".formatted(jar.getFileName(), why), PluginFailure.MEND, e);
  }

  /** For jars that do not fit together, or not to the image. */
  static PluginFailure unresolvable(Throwable e) {
    Matcher missing = MISSING_MODULE.matcher(message(e));
    if (missing.find()) {
      return missing(missing.group(2), missing.group(1));
    }
    return new PluginFailure(
        "its modules do not fit together: " + message(e), "mend the plugin", e);
  }

  /** For a module that is not there. */
  static PluginFailure missing(@Nullable String module, String required) {
    return new PluginFailure(
        "%s requires the module \"%s\", which neither the plugin nor the image has"
            .formatted(module == null ? "the plugin" : "\"" + module + "\"", required),
        "put its jar beside the plugin's, in a directory of their own");
  }

  /** For code of the plugin that cannot be linked or that threw. */
  static PluginFailure thrown(String what, Throwable e) {
    Optional<PluginFailure> version = classVersion(e, e);
    if (version.isPresent()) {
      return version.get();
    }
    if (e instanceof LinkageError && !(e instanceof ExceptionInInitializerError)) {
      return new PluginFailure(
          "%s cannot be linked: %s".formatted(what, ForeignFailure.text(e)),
          "build the plugin for the API and the libraries that are there, or bring those it needs",
          e);
    }
    Throwable root =
        e instanceof ExceptionInInitializerError && e.getCause() != null ? deepest(e) : e;
    return new PluginFailure(
        "%s threw %s".formatted(what, ForeignFailure.text(root)), PluginFailure.MEND, e);
  }

  private static Optional<PluginFailure> classVersion(Throwable told, Throwable cause) {
    Matcher version = CLASS_VERSION.matcher(message(told));
    if (!version.find()) {
      return Optional.empty();
    }
    int number = Integer.parseInt(version.group(1));
    int java = Runtime.version().feature();
    return Optional.of(
        new PluginFailure(
            "it is compiled for Java %d (class version %d), and this image runs Java %d"
                .formatted(number - CLASS_VERSION_BASE, number, java),
            "compile it with --release %d or lower".formatted(java),
            cause));
  }

  private static Throwable deepest(Throwable e) {
    Throwable deepest = e;
    for (Throwable cause = e.getCause(); cause != null; cause = cause.getCause()) {
      deepest = cause;
    }
    return deepest;
  }

  private static String message(@Nullable Throwable e) {
    if (e == null) {
      return "";
    }
    try {
      String message = e.getMessage();
      return message == null ? e.toString() : message;
    } catch (Throwable thrown) {
      // A plugin's own class.
      return ForeignFailure.text(e);
    }
  }
}
