/** {@code events demo}: the main job, shown on a private Redis. */
package org.nethserver.events.agent.demo;
