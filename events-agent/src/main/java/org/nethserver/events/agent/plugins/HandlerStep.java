package org.nethserver.events.agent.plugins;

import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import org.nethserver.events.agent.handlers.HandlerSite;
import org.nethserver.events.agent.run.ForeignFailure;
import org.nethserver.events.api.EventHandler;
import org.nethserver.events.api.EventName;
import org.nethserver.events.api.EventSource;
import org.nethserver.events.api.StepName;

/**
 * A handler of a plugin with what it said of itself, which it is asked once.
 *
 * @param handler the handler
 * @param plugin its plugin's name
 * @param agentId the agent that it belongs to
 * @param name its step's name
 * @param events the events that it answers
 * @param sources the sources whose events it answers
 * @param code its plugin's code
 * @param use keeps the plugin open
 * @param onStuck hears of a call that was given up
 */
record HandlerStep(
    EventHandler handler,
    String plugin,
    String agentId,
    StepName name,
    List<Glob> events,
    List<Glob> sources,
    PluginCode code,
    PluginUse use,
    Consumer<String> onStuck)
    implements HandlerSite {
  private static final int MAX_NAME = 255;

  /** Whom a handler belongs to. */
  record Owner(
      String plugin, String agentId, PluginCode code, PluginUse use, Consumer<String> onStuck) {}

  /** Asks a handler for its name, events and sources. */
  static HandlerStep of(EventHandler handler, Owner owner) throws PluginFailure {
    String type = handler.getClass().getName();
    return new HandlerStep(
        handler,
        owner.plugin(),
        owner.agentId(),
        name(type, ask(owner, type + ".step()", handler::step)),
        globs(
            type + ".events()",
            ask(owner, type + ".events()", () -> Set.copyOf(handler.events())),
            EventName::new),
        globs(
            type + ".sources()",
            ask(owner, type + ".sources()", () -> Set.copyOf(handler.sources())),
            EventSource::new),
        owner.code(),
        owner.use(),
        owner.onStuck());
  }

  private static <T> T ask(Owner owner, String method, Callable<T> question) throws PluginFailure {
    T answer;
    try {
      answer = owner.code().call(question);
    } catch (Throwable e) {
      ForeignFailure.rethrowFatal(e);
      throw Faults.thrown(method, e);
    }
    if (answer == null) {
      throw new PluginFailure(method + " returned null", PluginFailure.MEND);
    }
    return answer;
  }

  private static StepName name(String type, String text) throws PluginFailure {
    try {
      StepName name = StepName.of(text);
      if (name.bytes().length <= MAX_NAME) {
        return name;
      }
    } catch (IllegalArgumentException e) {
      // Said below.
    }
    throw new PluginFailure(
        "%s names its step \"%s\"".formatted(type, text),
        "a step's name is that of a file, such as 30index: 1 to 255 bytes without \"/\" and NUL");
  }

  private static List<Glob> globs(String method, Set<String> texts, Consumer<String> check)
      throws PluginFailure {
    if (texts.isEmpty()) {
      throw new PluginFailure(method + " names nothing", "name one event at least, or \"*\"");
    }
    for (String text : texts) {
      try {
        check.accept(new Glob(text).example());
      } catch (IllegalArgumentException e) {
        throw new PluginFailure(
            "%s has \"%s\": %s".formatted(method, text, e.getMessage()),
            "give a name, or a pattern with * and ? in it",
            e);
      } catch (NullPointerException e) {
        throw new PluginFailure(method + " has a null", PluginFailure.MEND, e);
      }
    }
    return texts.stream().sorted().map(Glob::new).toList();
  }

  boolean answers(EventName event) {
    return events.stream().anyMatch(glob -> glob.matches(event.text()));
  }

  @Override
  public boolean answers(EventSource source) {
    for (Glob glob : sources) {
      if (glob.matches(source.text())) {
        return true;
      }
    }
    return false;
  }

  /** Tells whether both would be a step of one name for some event. */
  boolean clashes(HandlerStep other) {
    return name.equals(other.name)
        && events.stream().anyMatch(glob -> other.events.stream().anyMatch(glob::overlaps));
  }

  @Override
  public ClassLoader loader() {
    return code.loader();
  }

  @Override
  public void began() {
    use.retain();
  }

  @Override
  public void ended() {
    use.release();
  }

  @Override
  public void stuck(String why) {
    use.stick();
    onStuck.accept(why);
  }
}
