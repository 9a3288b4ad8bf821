/**
 * Handlers in Java: finds the jars of plugins, checks whose they are, loads them, contains them.
 */
package org.nethserver.events.agent.plugins;
