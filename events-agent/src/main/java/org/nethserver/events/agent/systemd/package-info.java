/** What the agent tells systemd, and how it takes and dies by signals. */
package org.nethserver.events.agent.systemd;
