/** JSON read strictly, written plainly, and what a schema finds wrong with it in sentences. */
package org.nethserver.events.agent.json;
