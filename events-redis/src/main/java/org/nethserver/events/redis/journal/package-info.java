/**
 * The journal's protocol as a state machine without clocks, threads and connections, and what it
 * has Redis do. See {@code docs/journal-protocol.md}.
 */
package org.nethserver.events.redis.journal;
