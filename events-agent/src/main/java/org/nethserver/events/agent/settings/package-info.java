/** Files that say which agents a process hosts: read, checked, and told what is wrong with them. */
package org.nethserver.events.agent.settings;
