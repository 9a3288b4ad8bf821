/**
 * The rules for events, the catalogue of the well-known ones, and the commands that show and check
 * them. Nothing here is loaded by the daemon.
 */
package org.nethserver.events.agent.catalog;
