package org.nethserver.events.agent.doctor;

import static org.nethserver.events.api.spi.Finding.ok;
import static org.nethserver.events.api.spi.Finding.warning;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchService;
import java.util.List;
import org.nethserver.events.api.spi.Finding;

/**
 * Whether the kernel still lets this user watch directories: tried by one watch, since how many are
 * taken stands nowhere.
 */
final class Watches implements Examination {
  private static final Path LIMITS = Path.of("/proc/sys/fs/inotify");

  private final Path directory;

  /** Makes one that watches a directory for a moment. */
  Watches(Path directory) {
    this.directory = directory;
  }

  @Override
  public List<Finding> findings() throws IOException {
    String instances = limit("max_user_instances");
    String watches = limit("max_user_watches");
    try (WatchService service = directory.getFileSystem().newWatchService()) {
      directory.register(service, StandardWatchEventKinds.ENTRY_CREATE);
      return List.of(
          ok(
              "watches",
              "directories can be watched (max_user_instances %s, max_user_watches %s)"
                  .formatted(instances, watches)));
    } catch (IOException e) {
      return List.of(
          warning(
              "watches",
              "directories cannot be watched: %s (max_user_instances %s, max_user_watches %s); each"
                      .formatted(e.getMessage(), instances, watches)
                  + " event is looked up instead, which takes longer",
              "raise the limit: sysctl fs.inotify.max_user_instances=512"
                  + " fs.inotify.max_user_watches=524288"));
    }
  }

  private static String limit(String name) throws IOException {
    return Files.readString(LIMITS.resolve(name)).strip();
  }
}
