/** The subcommands of {@code events}. */
package org.nethserver.events.agent.command;
