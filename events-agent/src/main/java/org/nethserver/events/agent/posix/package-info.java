/** What the C library knows and Java does not: users, and files opened with care. */
package org.nethserver.events.agent.posix;
