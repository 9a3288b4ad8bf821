/** Why does it not work: looks at all that an agent needs, and changes nothing. */
package org.nethserver.events.agent.doctor;
