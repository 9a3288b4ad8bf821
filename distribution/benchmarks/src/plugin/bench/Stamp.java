package bench;

import java.io.IOException;
import java.io.InputStream;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import org.nethserver.events.api.Event;
import org.nethserver.events.api.EventHandler;
import org.nethserver.events.api.HandlerContext;
import org.nethserver.events.api.HandlerResult;

/**
 * What {@code stamp.c} is as a script: notes the time at which it is called. The file "name" of its
 * jar says which event it answers, so that several plugins can be made of this class.
 */
public final class Stamp implements EventHandler {
  private static final VarHandle SLOT =
      MethodHandles.byteBufferViewVarHandle(long[].class, ByteOrder.nativeOrder());
  private static final int DIGITS = "{\"n\":".length();

  private final String name;
  private final ByteBuffer stamps;

  /** Called when the plugin is loaded. */
  public Stamp() throws IOException {
    try (InputStream text = Stamp.class.getResourceAsStream("/name")) {
      name = new String(text.readAllBytes(), StandardCharsets.UTF_8);
    }
    try (FileChannel file =
        FileChannel.open(
            Path.of(System.getenv("STAMPS")), StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      stamps = file.map(FileChannel.MapMode.READ_WRITE, 0, file.size());
    }
  }

  @Override
  public String step() {
    return "10" + name;
  }

  @Override
  public Set<String> events() {
    return Set.of(name);
  }

  @Override
  public HandlerResult handle(Event event, HandlerContext context) {
    long now = System.nanoTime();
    ByteBuffer payload = event.payload().buffer();
    int number = 0;
    for (int at = DIGITS; payload.get(at) != '}'; at++) {
      number = 10 * number + payload.get(at) - '0';
    }
    SLOT.set(stamps, Long.BYTES * (1 + number), now);
    SLOT.getAndAdd(stamps, 0, 1L);
    return HandlerResult.success();
  }
}
