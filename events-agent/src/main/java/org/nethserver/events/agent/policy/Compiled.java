package org.nethserver.events.agent.policy;

import java.util.Optional;
import java.util.Set;
import org.nethserver.events.agent.json.PayloadSchema;
import org.nethserver.events.agent.run.EventFiles;

/**
 * What an event's files come to, as long as they stay what they are.
 *
 * @param files what it was made of
 * @param rules what handler.json says
 * @param schema what payloads must be, if there is a usable validate-input.json
 * @param told what was said of them already
 */
record Compiled(EventFiles files, Rules rules, Optional<PayloadSchema> schema, Set<String> told) {}
