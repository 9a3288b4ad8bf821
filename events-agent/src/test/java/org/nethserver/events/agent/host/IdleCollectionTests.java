package org.nethserver.events.agent.host;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

final class IdleCollectionTests {
  private static final long LIVE = 8L * 1024 * 1024;

  private long heap = LIVE;
  private long leftBy = LIVE;
  private int collections;
  private final IdleCollection idle = new IdleCollection(() -> heap, this::collect);

  private void collect() {
    collections++;
    heap = leftBy;
  }

  private void grow(long bytes) {
    heap += bytes;
    idle.run();
  }

  @Test
  void heapThatHasGrownIsCollectedOnce() {
    grow(IdleCollection.GROWTH);
    assertEquals(0, collections);
    grow(1);
    idle.run();
    assertEquals(1, collections);
    assertEquals(LIVE, heap);
  }

  @Test
  void whatLivesIsNotCollectedAgainAndAgain() {
    leftBy = 10 * LIVE;
    grow(IdleCollection.GROWTH + 1);
    grow(IdleCollection.GROWTH);
    assertEquals(1, collections);
    grow(1);
    assertEquals(2, collections);
  }
}
