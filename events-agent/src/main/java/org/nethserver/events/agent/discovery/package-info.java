/** Finds the agents of a NethServer 8 node by its layout, as modules come and go. */
package org.nethserver.events.agent.discovery;
