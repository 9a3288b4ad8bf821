/** What an administrator can set: flags, environment, and their forms. */
package org.nethserver.events.agent.config;
