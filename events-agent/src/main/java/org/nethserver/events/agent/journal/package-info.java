/**
 * What agents do with a journal: they handle events live, and make good from the journal what they
 * missed. {@link org.nethserver.events.agent.journal.Reconciler} holds what was heard against what
 * is recorded, once for all agents; {@link org.nethserver.events.agent.journal.JournaledAgent} is
 * one agent's way through it; {@link org.nethserver.events.agent.journal.AgentState} is what of
 * that outlives the process.
 */
package org.nethserver.events.agent.journal;
