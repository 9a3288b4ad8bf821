/**
 * By which commands talk to a running agent: a socket in its state directory, for its user alone.
 */
package org.nethserver.events.agent.control;
