package dev.crossfade.bench.rollout.workload;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads a recording that has a JSON object on each line: {@code session}, {@code sql}, {@code
 * params}.
 */
final class JsonLines {
  private JsonLines() {}

  static List<Recording.Entry> read(String name, String text) throws WorkloadException {
    List<Recording.Entry> entries = new ArrayList<>();
    int number = 0;
    for (String line : text.split("\n", -1)) {
      number++;
      if (!line.isBlank()) {
        try {
          entries.add(entry(JsonParser.parseString(line).getAsJsonObject()));
        } catch (JsonParseException | IllegalStateException | UnsupportedOperationException e) {
          throw new WorkloadException(
              name
                  + ", line "
                  + number
                  + ": is not such as {\"session\": \"a\", \"sql\": \"SELECT $1\", \"params\":"
                  + " [\"7\"]}");
        }
      }
    }
    return entries;
  }

  private static Recording.Entry entry(JsonObject line) {
    JsonElement sql = line.get("sql");
    JsonElement session = line.get("session");
    if (sql == null) {
      throw new IllegalStateException("no sql");
    }
    List<@Nullable String> parameters = new ArrayList<>();
    JsonElement given = line.get("params");
    for (JsonElement value : given == null ? new JsonArray() : given.getAsJsonArray()) {
      parameters.add(value.isJsonNull() ? null : value.getAsString());
    }
    return new Recording.Entry(
        session == null ? "" : session.getAsString(), sql.getAsString(), parameters);
  }
}
