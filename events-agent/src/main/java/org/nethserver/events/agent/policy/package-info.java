/**
 * What files beside an event's steps say of how they are to run: {@code handler.json} and {@code
 * validate-input.json}. {@link org.nethserver.events.agent.policy.Policies} reads them and judges
 * events by them, away from the dispatch thread; what it decides is carried out in {@link
 * org.nethserver.events.agent.run}.
 */
package org.nethserver.events.agent.policy;
