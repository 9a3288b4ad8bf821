package org.nethserver.events.agent.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

final class FairSharesTests {
  private static long takeAll(FairShares.Share share) {
    long taken = 0;
    while (share.admits(1)) {
      share.take(1);
      taken++;
    }
    return taken;
  }

  @Test
  void oneThatIsAloneGetsAll() {
    for (long limit : new long[] {0, 1, 2, 5, 32}) {
      assertEquals(limit, takeAll(new FairShares(limit).join()), "of " + limit);
    }
  }

  @Test
  void halfIsKeptForAllInEqualParts() {
    FairShares shares = new FairShares(64);
    FairShares.Share greedy = shares.join();
    FairShares.Share second = shares.join();
    FairShares.Share third = shares.join();
    FairShares.Share fourth = shares.join();
    assertEquals(8 + 32, takeAll(greedy));
    assertEquals(8, takeAll(second));
    assertEquals(8, takeAll(third));
    assertEquals(8, takeAll(fourth));
  }

  @Test
  void oneIsKeptForEachAsLongAsThereAreEnough() {
    FairShares shares = new FairShares(3);
    FairShares.Share greedy = shares.join();
    FairShares.Share second = shares.join();
    FairShares.Share third = shares.join();
    assertEquals(1, takeAll(greedy));
    assertEquals(1, takeAll(second));
    assertEquals(1, takeAll(third));
  }

  @Test
  void whatIsGivenBackIsForWhoeverAsks() {
    FairShares shares = new FairShares(8);
    FairShares.Share greedy = shares.join();
    FairShares.Share other = shares.join();
    takeAll(greedy);
    other.take(2);
    assertFalse(other.admits(1));
    greedy.giveBack(1);
    assertTrue(other.admits(1), "what was given back is kept for nobody");
    assertFalse(other.admits(2));
  }

  @Test
  void oneThatJoinsHasItsPartAtOnce() {
    FairShares shares = new FairShares(8);
    takeAll(shares.join());
    FairShares.Share late = shares.join();
    assertEquals(2, takeAll(late));
  }

  @Test
  void partOfOneThatLeavesGoesToTheOthers() {
    FairShares shares = new FairShares(8);
    FairShares.Share stays = shares.join();
    FairShares.Share leaves = shares.join();
    assertEquals(6, takeAll(stays));
    leaves.leave();
    assertEquals(2, takeAll(stays));
  }
}
