/** What became of an agent's runs: kept in files of bounded size, and read again. */
package org.nethserver.events.agent.history;
