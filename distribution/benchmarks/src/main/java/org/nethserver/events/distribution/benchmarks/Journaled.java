package org.nethserver.events.distribution.benchmarks;

import java.util.List;
import java.util.Optional;

/**
 * What the journal takes.
 *
 * @param recorders of one recorder, then of two
 * @param agents of an agent without and with a journal; empty without a C compiler
 * @param caught of an agent that catches up: with a handler for all events, then for the last alone
 */
record Journaled(
    List<Recorders.Recorded> recorders, Optional<Results> agents, List<CatchUp.Caught> caught) {}
