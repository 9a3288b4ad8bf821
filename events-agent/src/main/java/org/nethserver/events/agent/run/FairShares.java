package org.nethserver.events.agent.run;

import java.util.ArrayList;
import java.util.List;

/**
 * Something of the process that its agents share, and of which there is only so much. Half of it is
 * kept for them in equal parts; the other half goes to whoever asks. So no agent, whatever it
 * takes, leaves another without, and one that is alone gets all. Lives on the dispatch thread.
 *
 * <p>At least one is kept for each, even where there are more agents than there is to share. An
 * agent that joins has its part at once: until others have given back what is no longer theirs,
 * more can be taken than there is.
 */
final class FairShares {
  private final long limit;
  private final List<Share> shares = new ArrayList<>();

  /** How much is kept for each. */
  private long kept;

  /** How much agents have beyond what is kept for them. */
  private long beyond;

  FairShares(long limit) {
    this.limit = limit;
  }

  Share join() {
    Share share = new Share();
    shares.add(share);
    divide();
    return share;
  }

  private void divide() {
    if (!shares.isEmpty()) {
      kept = Math.max(limit / 2 / shares.size(), Math.min(1, limit));
    }
    beyond = 0;
    shares.forEach(share -> beyond += share.beyond(share.taken));
  }

  /** What one agent has of it. */
  final class Share {
    private long taken;

    private Share() {}

    private long beyond(long amount) {
      return Math.max(0, amount - kept);
    }

    boolean admits(long amount) {
      long more = beyond(taken + amount) - beyond(taken);
      return more == 0 || beyond + more <= limit - kept * shares.size();
    }

    void take(long amount) {
      beyond += beyond(taken + amount) - beyond(taken);
      taken += amount;
    }

    void giveBack(long amount) {
      take(-amount);
    }

    /** The agent is gone, and has nothing. */
    void leave() {
      shares.remove(this);
      divide();
    }
  }
}
