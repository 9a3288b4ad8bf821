/** Text for people: made safe to look at, and names that they may have meant. Knows nobody. */
package org.nethserver.events.agent.text;
