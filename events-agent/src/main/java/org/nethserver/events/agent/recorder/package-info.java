/** The daemon that keeps the journal of all events, by whatever transport can. */
package org.nethserver.events.agent.recorder;
