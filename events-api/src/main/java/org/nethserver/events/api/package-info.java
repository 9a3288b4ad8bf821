/** The vocabulary of events: names, sources, payloads, variables and outcomes. */
package org.nethserver.events.api;
