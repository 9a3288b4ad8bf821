/** The process: assembles the modules found by ServiceLoader, starts them and stops them. */
package org.nethserver.events.agent.host;
