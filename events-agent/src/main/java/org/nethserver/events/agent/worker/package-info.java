/**
 * Handlers in Java of another user: a process of that user loads and calls them, and the agent's
 * process, which is root's, only talks with it and believes it nothing.
 */
package org.nethserver.events.agent.worker;
