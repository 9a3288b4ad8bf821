package org.nethserver.events.distribution.journal;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Servers, recorders and agents, and one atomic step after the other: a message is published,
 * delivered, a command executed, a reply read, a run started or ended, something breaks. Whoever
 * gets no step stands still, so stops and slow networks need no fault of their own.
 */
final class World {
  private static final String CHANNELS = "ab";
  private static final int SETTLING = 12;

  private record Action(String name, Runnable step) {}

  /** A connection for commands, both ways. */
  private static final class Pipe {
    final Deque<Command> requests = new ArrayDeque<>();
    final Deque<Command.Reply> replies = new ArrayDeque<>();
  }

  private final class RecorderPlace {
    final int name;
    final Server server;
    @Nullable AnyRecorder recorder;
    Server.Feed feed = new Server.Feed();
    Pipe pipe = new Pipe();

    RecorderPlace(int name, Server server) {
      this.name = name;
      this.server = server;
    }

    void connect() {
      Pipe mine = new Pipe();
      pipe = mine;
      feed = new Server.Feed();
      server.feeds.add(feed);
      recorder =
          maker.make(name, rules, () -> ++epochs, mine.requests::add, () -> disconnect(mine));
    }

    void disconnect(Pipe mine) {
      if (mine == pipe && recorder != null) {
        recorder = null;
        server.feeds.remove(feed);
        orphans.add(pipe);
        owners.add(server);
        pipe = new Pipe();
        feed = new Server.Feed();
      }
    }

    /** What was sent may still be executed; its replies are lost. */
    void loseReplies() {
      Pipe old = new Pipe();
      old.requests.addAll(pipe.requests);
      pipe.requests.clear();
      pipe.replies.clear();
      orphans.add(old);
      owners.add(server);
      recorder.commandsLost();
    }
  }

  private final class AgentPlace {
    final Server server;
    final AgentFile file = new AgentFile();
    final AgentLog log = new AgentLog(() -> time);
    @Nullable AnyAgent agent;
    boolean connected;
    Server.Feed feed = new Server.Feed();
    Pipe pipe = new Pipe();

    AgentPlace(Server server) {
      this.server = server;
    }

    void connect() {
      if (agent == null) {
        Consumer<Command> out = command -> pipe.requests.add(command);
        agent = agentMaker.make(rules, file, out, log);
      }
      connected = true;
      feed = new Server.Feed();
      pipe = new Pipe();
      server.feeds.add(feed);
      agent.connected();
    }

    void hear(Message message) {
      if (message instanceof Message.Event event) {
        log.heard.add(event);
      }
      agent.hear(message);
    }

    void disconnect() {
      connected = false;
      server.feeds.remove(feed);
      feed = new Server.Feed();
      pipe = new Pipe();
    }

    void crash() {
      disconnect();
      agent = null;
      log.crashed();
    }
  }

  private final Set<Rule> rules;
  private final Scenario scenario;
  private final AnyRecorder.Maker maker;
  private final AnyAgent.Maker agentMaker;
  private final List<Server> servers = new ArrayList<>();
  private final List<RecorderPlace> recorders = new ArrayList<>();
  private final List<AgentPlace> agents = new ArrayList<>();
  private final List<Pipe> orphans = new ArrayList<>();
  private final List<Server> owners = new ArrayList<>();
  private final List<Message.Event> published = new ArrayList<>();
  private final Map<Message.Event, Integer> recordedAt = new HashMap<>();
  private final Map<Entry, Integer> gapsAt = new HashMap<>();
  private final List<Integer> publishTimes = new ArrayList<>();
  private final List<String> trace = new ArrayList<>();
  private Server current;
  private int time;
  private int epochs;
  private long identities;
  private int eventsLeft;
  private int marksLeft;
  private int faultsLeft;
  private boolean settled;

  World(Scenario scenario, Set<Rule> rules) {
    this(scenario, rules, Recorder::new, Agent::new);
  }

  World(Scenario scenario, Set<Rule> rules, AnyRecorder.Maker maker, AnyAgent.Maker agentMaker) {
    this.maker = maker;
    this.agentMaker = agentMaker;
    this.scenario = scenario;
    this.rules = rules;
    eventsLeft = scenario.events();
    marksLeft = scenario.marks();
    faultsLeft = scenario.faults();
    current = new Server(rules, () -> ++identities, true);
    servers.add(current);
    if (scenario.replica()) {
      servers.add(new Server(rules, () -> ++identities, false));
      current.synchronise(servers.get(1));
      recorders.add(new RecorderPlace(0, servers.get(1)));
    }
    for (int i = 1; i <= scenario.recorders(); i++) {
      recorders.add(new RecorderPlace(i, current));
    }
    for (int i = 0; i < scenario.agents(); i++) {
      agents.add(new AgentPlace(servers.get(i % servers.size())));
    }
    agents.forEach(AgentPlace::connect);
    if (scenario.warm()) {
      rest(5);
    }
  }

  /** Until nothing more may happen, or for so many steps; then all is mended and comes to rest. */
  void run(Choices choices, int steps) {
    for (int i = 0; i < steps; i++) {
      List<Action> actions = normal();
      int firstFault = actions.size();
      if (faultsLeft > 0) {
        actions.addAll(faults());
      }
      if (actions.isEmpty()) {
        break;
      }
      int choice = choices.choose(actions.size(), firstFault);
      if (choice < 0) {
        return;
      }
      perform(actions.get(choice));
    }
    settle();
  }

  private void perform(Action action) {
    time++;
    trace.add(action.name());
    action.step().run();
    for (Server server : servers) {
      server.journal.forEach(
          entry -> {
            if (entry.gap()) {
              gapsAt.putIfAbsent(entry, time);
            } else {
              recordedAt.putIfAbsent(entry.event(), time);
            }
          });
    }
  }

  private List<Action> normal() {
    List<Action> actions = new ArrayList<>();
    if (eventsLeft > 0) {
      for (int i = 0; i < scenario.contents(); i++) {
        char channel = CHANNELS.charAt(i % 2);
        char payload = scenario.distinct() ? (char) ('A' + published.size()) : (char) ('x' + i / 2);
        actions.add(
            new Action(
                "publish " + channel + payload,
                () -> {
                  eventsLeft--;
                  current.publish(event(channel, payload));
                }));
      }
    }
    moves(actions);
    boolean quiet = actions.isEmpty() || scenario.hasty();
    for (RecorderPlace place : recorders) {
      if (place.recorder == null) {
        if (place.server.primary) {
          actions.add(new Action("connect recorder " + place.name, place::connect));
        }
      } else if (marksLeft > 0 && place.recorder.canMark()) {
        actions.add(
            new Action(
                "mark of recorder " + place.name,
                () -> {
                  marksLeft--;
                  place.recorder.mark();
                }));
      }
      if (quiet && mayLosePatience(place)) {
        actions.add(new Action("patience of " + place.name, place.recorder::losePatience));
      }
    }
    for (AgentPlace place : agents) {
      String name = " agent " + agents.indexOf(place);
      if (!place.connected) {
        actions.add(new Action("connect" + name, place::connect));
      } else if (place.agent.holding()
          && (scenario.hasty() || recorders.stream().allMatch(each -> each.recorder == null))) {
        actions.add(new Action("patience of" + name, place.agent::losePatience));
      }
    }
    if (servers.stream().anyMatch(server -> server.refusing)) {
      actions.add(
          new Action("accept writes", () -> servers.forEach(server -> server.refusing = false)));
    }
    for (Server server : servers) {
      if (server.primary && server != current) {
        actions.add(new Action("old primary follows", () -> follow(server)));
      }
    }
    return actions;
  }

  /** From now on what subscribers of this server hear may be something else than was published. */
  private void disturb(Server server) {
    agents.stream().filter(place -> place.server == server).forEach(place -> place.log.disturbed());
  }

  /** A recorder that is whole marks each second, so another does not come to the end of its 3 s. */
  private boolean mayLosePatience(RecorderPlace place) {
    boolean othersMark =
        !scenario.hasty()
            && rules.contains(Rule.WAIT_WHILE_ANOTHER_IS_WHOLE)
            && recorders.stream()
                .anyMatch(
                    other ->
                        other.server == place.server
                            && other.recorder != null
                            && other.recorder.whole());
    return place.recorder != null && place.recorder.canLosePatience() && !othersMark;
  }

  private void follow(Server server) {
    disturb(server);
    server.unlink();
    current.synchronise(server);
  }

  private Message.Event event(char channel, char payload) {
    Message.Event event = new Message.Event(channel, payload, published.size());
    published.add(event);
    publishTimes.add(time);
    return event;
  }

  /** What goes on by itself. */
  private void moves(List<Action> actions) {
    for (Server server : servers) {
      if (server.canReplicate()) {
        actions.add(new Action("replicate", server::replicate));
      }
    }
    for (int i = 0; i < orphans.size(); i++) {
      Pipe orphan = orphans.get(i);
      Server owner = owners.get(i);
      if (!orphan.requests.isEmpty()) {
        actions.add(
            new Action(
                "late " + orphan.requests.getFirst(),
                () -> owner.execute(orphan.requests.remove())));
      }
    }
    for (RecorderPlace place : recorders) {
      moves(actions, place);
    }
    for (AgentPlace place : agents) {
      moves(actions, place);
    }
  }

  private void moves(List<Action> actions, RecorderPlace place) {
    if (place.recorder == null) {
      return;
    }
    if (!place.feed.messages.isEmpty()) {
      actions.add(
          new Action(
              "recorder " + place.name + " hears " + place.feed.messages.getFirst(),
              () -> place.recorder.hear(place.feed.messages.remove())));
    }
    Pipe pipe = place.pipe;
    if (!pipe.requests.isEmpty()) {
      actions.add(
          new Action(
              "recorder " + place.name + " " + pipe.requests.getFirst(),
              () -> pipe.replies.add(place.server.execute(pipe.requests.remove()))));
    }
    if (!pipe.replies.isEmpty()) {
      actions.add(
          new Action(
              "recorder " + place.name + " reads " + pipe.replies.getFirst(),
              () -> place.recorder.reply(pipe.replies.remove())));
    }
  }

  private void moves(List<Action> actions, AgentPlace place) {
    if (place.agent == null) {
      return;
    }
    String name = "agent " + agents.indexOf(place) + " ";
    if (!place.feed.messages.isEmpty()) {
      actions.add(
          new Action(
              name + "hears " + place.feed.messages.getFirst(),
              () -> place.hear(place.feed.messages.remove())));
    }
    Pipe pipe = place.pipe;
    if (!pipe.requests.isEmpty()) {
      actions.add(
          new Action(
              name + pipe.requests.getFirst(),
              () -> pipe.replies.add(place.server.execute(pipe.requests.remove()))));
    }
    if (!pipe.replies.isEmpty()) {
      actions.add(
          new Action(
              name + "reads " + pipe.replies.getFirst(),
              () -> place.agent.contents((Command.Contents) pipe.replies.remove())));
    }
    for (char channel : CHANNELS.toCharArray()) {
      if (place.agent.canStep(channel)) {
        actions.add(new Action(name + "steps " + channel, () -> place.agent.step(channel)));
      }
    }
  }

  private List<Action> faults() {
    List<Action> actions = new ArrayList<>();
    for (RecorderPlace place : recorders) {
      boolean spared = scenario.oneSpared() && place.name == 1;
      if (place.recorder != null && !spared) {
        String name = " " + place.name;
        fault(actions, Scenario.Fault.RECORDER_KILLED, name, () -> place.disconnect(place.pipe));
        fault(actions, Scenario.Fault.REPLY_LOST, name, place::loseReplies);
        fault(actions, Scenario.Fault.QUEUE_DROPPED, name, place.recorder::dropQueue);
      }
    }
    for (AgentPlace place : agents) {
      String name = " " + agents.indexOf(place);
      // Where nothing else goes wrong it is the steps that kill their agent, each time they run.
      boolean mayDie = scenario.kinds().size() > 1 || place.log.running();
      if (place.agent != null && mayDie) {
        fault(actions, Scenario.Fault.AGENT_KILLED, name, place::crash);
      }
      if (place.connected) {
        fault(actions, Scenario.Fault.AGENT_CUT_OFF, name, place::disconnect);
      }
    }
    for (int lost = 0; lost <= 1; lost++) {
      int entries = lost * 2;
      fault(actions, Scenario.Fault.REDIS_KILLED, " lost " + entries, () -> crash(entries));
    }
    fault(actions, Scenario.Fault.FLUSHED, "", current::flush);
    fault(actions, Scenario.Fault.TRIMMED, "", current::trim);
    fault(actions, Scenario.Fault.WRITES_REFUSED, "", () -> current.refusing = true);
    if (scenario.replica()) {
      Server other = servers.get(0) == current ? servers.get(1) : servers.get(0);
      if (!other.primary) {
        fault(
            actions,
            Scenario.Fault.REPLICA_SYNCHRONISED,
            "",
            () -> {
              disturb(other);
              current.synchronise(other);
            });
        fault(
            actions,
            Scenario.Fault.PUBLISHED_ON_REPLICA,
            "",
            () -> {
              disturb(other);
              Message.Event event = event('a', scenario.distinct() ? '?' : 'x');
              other.publish(event);
            });
        fault(
            actions,
            Scenario.Fault.REPLICA_PROMOTED,
            "",
            () -> {
              current.unlink();
              other.promote();
              current = other;
            });
      }
    }
    return actions;
  }

  private void fault(List<Action> actions, Scenario.Fault kind, String name, Runnable step) {
    if (scenario.kinds().contains(kind)) {
      actions.add(
          new Action(
              "FAULT " + kind + name,
              () -> {
                faultsLeft--;
                step.run();
              }));
    }
  }

  private void crash(int lost) {
    for (RecorderPlace place : recorders) {
      if (place.server == current) {
        place.disconnect(place.pipe);
      }
    }
    for (int i = 0; i < orphans.size(); i++) {
      if (owners.get(i) == current) {
        orphans.get(i).requests.clear();
      }
    }
    agents.stream().filter(place -> place.server == current).forEach(AgentPlace::disconnect);
    current.crash(lost);
  }

  /** All is whole again, and some time passes. */
  private void settle() {
    settled = true;
    trace.add("SETTLE");
    servers.forEach(server -> server.refusing = false);
    for (Server server : servers) {
      if (server != current && (server.primary || !current.feeds(server))) {
        follow(server);
      }
    }
    rest(SETTLING);
    for (char channel : CHANNELS.toCharArray()) {
      perform(new Action("last of " + channel, () -> current.publish(event(channel, '!'))));
      drain();
    }
    rest(3);
  }

  /** So many rounds in which nothing happens, but all do what they do when time passes. */
  private void rest(int rounds) {
    for (int round = 0; round < rounds; round++) {
      for (RecorderPlace place : recorders) {
        if (place.recorder == null && place.server.primary) {
          place.connect();
        }
      }
      agents.stream().filter(place -> !place.connected).forEach(AgentPlace::connect);
      drain();
      for (RecorderPlace place : recorders) {
        if (place.recorder != null && place.recorder.canMark()) {
          perform(new Action("mark of recorder " + place.name, place.recorder::mark));
        }
        drain();
      }
      for (RecorderPlace place : recorders) {
        if (round % 4 == 3 && mayLosePatience(place)) {
          perform(new Action("patience of " + place.name, place.recorder::losePatience));
          drain();
        }
      }
    }
  }

  private void drain() {
    List<Action> actions = new ArrayList<>();
    moves(actions);
    while (!actions.isEmpty()) {
      perform(actions.getFirst());
      actions.clear();
      moves(actions);
    }
  }

  /** What is wrong with the outcome; empty if nothing is. */
  List<String> violations() {
    Verdict verdict = new Verdict(current, published, publishTimes, recordedAt, gapsAt);
    verdict.judgeJournal();
    agents.forEach(place -> verdict.judge(place.log, place.agent.idle(), scenario.distinct()));
    if (scenario.promisesAll() && current.journal.stream().filter(Entry::gap).count() > 1) {
      verdict.violations().add("a gap, though one recorder was whole throughout");
    }
    return verdict.violations();
  }

  /** Whether no agent had to say that anything may be missing, doubled or out of order. */
  boolean nothingTold() {
    return agents.stream().allMatch(place -> place.log.told.isEmpty());
  }

  boolean settled() {
    return settled;
  }

  List<String> trace() {
    return trace;
  }

  String fingerprint() {
    StringBuilder text = new StringBuilder();
    servers.forEach(
        server -> {
          server.fingerprint(text);
          text.append(server.history);
        });
    for (RecorderPlace place : recorders) {
      text.append("|R").append(place.feed.messages).append(place.pipe.requests);
      text.append(place.pipe.replies);
      if (place.recorder != null) {
        place.recorder.fingerprint(text);
      }
    }
    for (AgentPlace place : agents) {
      text.append("|A").append(place.connected).append(place.feed.messages);
      text.append(place.pipe.requests).append(place.pipe.replies);
      place.file.fingerprint(text);
      place.log.fingerprint(text);
      if (place.agent != null) {
        place.agent.fingerprint(text);
      }
    }
    orphans.forEach(orphan -> text.append(orphan.requests));
    text.append(eventsLeft).append('/').append(marksLeft).append('/').append(faultsLeft);
    return text.append(epochs).toString();
  }
}
