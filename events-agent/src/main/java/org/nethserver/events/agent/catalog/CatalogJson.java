package org.nethserver.events.agent.catalog;

import java.util.Collection;
import java.util.List;
import org.nethserver.events.agent.catalog.CatalogEvent.Encoding;
import org.nethserver.events.agent.catalog.CatalogEvent.Party;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Writes events as they stand in catalogue files: what it makes can be read again. */
final class CatalogJson {
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  private CatalogJson() {}

  static ObjectNode file(Collection<CatalogEvent> events) {
    ObjectNode file = NODES.objectNode();
    ArrayNode array = file.putArray("events");
    events.forEach(event -> array.add(event(event)));
    return file;
  }

  static ObjectNode event(CatalogEvent event) {
    ObjectNode object = NODES.objectNode();
    object.put("name", event.name().text());
    object.put("status", event.status().word());
    object.put("summary", event.summary());
    put(object, "description", event.description());
    put(object, "replacedBy", event.replacedBy());
    event.nameException().ifPresent(why -> object.put("nameException", why));
    ArrayNode sources = object.putArray("sources");
    event.sources().forEach(source -> sources.add(source.toString()));
    if (event.encoding() != Encoding.JSON) {
      object.put("encoding", event.encoding().word());
    }
    object.set("payload", event.payload().deepCopy());
    if (event.sensitive()) {
      object.put("sensitive", true);
    }
    put(object, "publishers", event.publishers());
    put(object, "listeners", event.listeners());
    put(object, "faults", event.faults());
    put(object, "notes", event.notes());
    return object;
  }

  private static void put(ObjectNode object, String key, String text) {
    if (!text.isEmpty()) {
      object.put(key, text);
    }
  }

  private static void put(ObjectNode object, String key, List<?> items) {
    if (items.isEmpty()) {
      return;
    }
    ArrayNode array = object.putArray(key);
    for (Object item : items) {
      if (item instanceof Party party) {
        ObjectNode inner = array.addObject().put("repository", party.repository());
        put(inner, "files", party.files());
        put(inner, "note", party.note());
      } else {
        array.add(item.toString());
      }
    }
  }
}
