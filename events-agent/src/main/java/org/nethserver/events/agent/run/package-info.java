/**
 * From a message to the end of its run: router, lanes, runner. All state here belongs to one
 * thread, the {@link org.nethserver.events.agent.run.Dispatcher}'s.
 */
package org.nethserver.events.agent.run;
