package org.nethserver.events.distribution;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import org.eclipse.packager.rpm.RpmTag;
import org.eclipse.packager.rpm.RpmVersion;
import org.eclipse.packager.rpm.build.BuilderContext;
import org.eclipse.packager.rpm.build.BuilderOptions;
import org.eclipse.packager.rpm.build.DigestAlgorithm;
import org.eclipse.packager.rpm.build.RpmBuilder;
import org.eclipse.packager.rpm.build.SimpleFileInformationCustomizer;
import org.eclipse.packager.rpm.deps.RpmDependencyFlags;

/**
 * A package for Rocky Linux and its kin.
 *
 * @param contents what it installs
 * @param version in the form of packages
 * @param architecture as RPM calls it
 * @param scripts a directory with the scripts of the package
 * @param time that all entries carry
 */
record Rpm(Contents contents, String version, String architecture, Path scripts, Instant time) {
  void write(Path file) throws IOException {
    Files.deleteIfExists(file);
    BuilderOptions options = new BuilderOptions();
    // The default is one that machines in FIPS mode refuse.
    options.setFileDigestAlgorithm(DigestAlgorithm.SHA256);
    // As gzip does it: the best level takes more than twice as long, for less than a hundredth.
    options.setPayloadFlags("6");
    try (RpmBuilder builder =
        new RpmBuilder("events", new RpmVersion(version, "1"), architecture, file, options)) {
      describe(builder.getInformation());
      builder.addRequirement("libc.so.6(GLIBC_2.34)(64bit)", "");
      builder.addRequirement("/bin/sh", "", RpmDependencyFlags.INTERPRETER);
      // Its setpriv starts the handlers in Java of other users.
      builder.addRequirement("util-linux", "");
      builder.setPostInstallationScript(script("after-install.sh"));
      builder.setPreRemoveScript(script("before-remove.sh"));
      builder.setPostRemoveScript(script("after-remove.sh"));
      add(builder.newContext());
      builder.setHeaderCustomizer(
          header -> header.putInt(RpmTag.BUILDTIME, Math.toIntExact(time.getEpochSecond())));
      builder.build();
    }
  }

  private static void describe(RpmBuilder.PackageInformation information) {
    information.setSummary("Event agent for NethServer 8 clusters");
    information.setDescription(
        """
        It hears the events that modules, nodes and the cluster publish in Redis, and runs
        the scripts, and the handlers in Java, that are there to answer them. The commands
        of "events" help to write, try and watch handlers. A Java runtime of its own is
        part of the package.\
        """);
    information.setLicense("Apache-2.0 AND GPL-2.0-only WITH Classpath-exception-2.0");
    information.setVendor("NethServer");
    information.setUrl("https://www.nethserver.org/");
    information.setBuildHost("localhost");
  }

  private String script(String name) throws IOException {
    return Files.readString(scripts.resolve(name));
  }

  private void add(BuilderContext builder) throws IOException {
    for (Map.Entry<String, Path> entry : contents.entries().entrySet()) {
      String place = entry.getKey();
      Path file = entry.getValue();
      if (Files.isSymbolicLink(file)) {
        builder.addSymbolicLink(place, Files.readSymbolicLink(file).toString(), mode(0777));
      } else if (Contents.isDirectory(file)) {
        builder.addDirectory(place, mode(Contents.DIRECTORY));
      } else {
        builder.addFile(place, file, mode(Contents.mode(file)));
      }
    }
  }

  private SimpleFileInformationCustomizer mode(int mode) {
    return information -> {
      information.setMode((short) mode);
      information.setUser("root");
      information.setGroup("root");
      information.setTimestamp(time);
    };
  }
}
