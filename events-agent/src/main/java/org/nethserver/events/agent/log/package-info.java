/** Where lines of the agent and of its steps go: journald, or plain lines. */
package org.nethserver.events.agent.log;
