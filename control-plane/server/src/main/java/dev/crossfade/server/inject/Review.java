package dev.crossfade.server.inject;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import com.google.gson.JsonPrimitive;
import com.google.gson.Strictness;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;

/**
 * An {@code AdmissionReview} of {@code admission.k8s.io/v1}, question and answer:
 *
 * <pre>
 * {apiVersion, kind, request:  {uid, kind: {group, version, kind}, operation, object}}
 * {apiVersion, kind, response: {uid, allowed: true, patchType: JSONPatch, patch: BASE64, warnings}}
 * </pre>
 *
 * A pod is never denied: what cannot be done is answered by an HTTP error, of which the API server
 * makes what the webhook's failure policy says.
 */
final class Review {
  private static final String API_VERSION = "admission.k8s.io/v1";
  private static final String KIND = "AdmissionReview";
  private static final int UID_MAX = 128;

  private final String uid;
  private final Optional<JsonObject> pod;

  /** What came is not a review. */
  static final class MalformedException extends Exception {
    private static final long serialVersionUID = 1L;

    MalformedException(String message) {
      super(message);
    }

    MalformedException(String message, Exception cause) {
      super(message, cause);
    }
  }

  private Review(String uid, Optional<JsonObject> pod) {
    this.uid = uid;
    this.pod = pod;
  }

  static Review read(String json) throws MalformedException {
    if (!(parse(json) instanceof JsonObject review)) {
      throw new MalformedException("it is no JSON object; an " + KIND + " is expected");
    }
    if (!text(review, "apiVersion").equals(API_VERSION) || !text(review, "kind").equals(KIND)) {
      throw new MalformedException("it is no " + KIND + " of " + API_VERSION);
    }
    if (!(review.get("request") instanceof JsonObject request)) {
      throw new MalformedException("it has no request");
    }
    String uid = text(request, "uid");
    if (uid.isEmpty() || uid.length() > UID_MAX) {
      throw new MalformedException("its request has no uid of 1 to " + UID_MAX + " characters");
    }
    return new Review(uid, pod(request));
  }

  private static JsonElement parse(String json) throws MalformedException {
    JsonReader reader = new JsonReader(new StringReader(json));
    reader.setStrictness(Strictness.STRICT);
    try {
      JsonElement element = JsonParser.parseReader(reader);
      if (reader.peek() != JsonToken.END_DOCUMENT) {
        throw new MalformedException("something follows the JSON");
      }
      return element;
    } catch (JsonParseException | IOException e) {
      throw new MalformedException("it is no JSON, from " + reader.getPath() + " on", e);
    }
  }

  /** What is asked about, if it is a pod that is being made. */
  private static Optional<JsonObject> pod(JsonObject request) {
    return request.get("kind") instanceof JsonObject kind
            && text(kind, "group").isEmpty()
            && text(kind, "version").equals("v1")
            && text(kind, "kind").equals("Pod")
            && text(request, "operation").equals("CREATE")
            && request.get("object") instanceof JsonObject object
        ? Optional.of(object)
        : Optional.empty();
  }

  private static String text(JsonObject object, String key) {
    return object.get(key) instanceof JsonPrimitive value && value.isString()
        ? value.getAsString()
        : "";
  }

  /** Absent: it is none of a webhook's business that makes pods ready. */
  Optional<JsonObject> pod() {
    return pod;
  }

  /** Lets it pass as it is. */
  String untouched() {
    return envelope(allowed());
  }

  /** Lets it pass with its sidecar. */
  String added(Injection.Added added) {
    JsonObject response = allowed();
    byte[] patch = added.patch().toString().getBytes(StandardCharsets.UTF_8);
    response.addProperty("patchType", "JSONPatch");
    response.addProperty("patch", Base64.getEncoder().encodeToString(patch));
    if (!added.warnings().isEmpty()) {
      JsonArray warnings = new JsonArray();
      added.warnings().forEach(warnings::add);
      response.add("warnings", warnings);
    }
    return envelope(response);
  }

  private JsonObject allowed() {
    JsonObject response = new JsonObject();
    response.addProperty("uid", uid);
    response.addProperty("allowed", true);
    return response;
  }

  private static String envelope(JsonObject response) {
    JsonObject review = new JsonObject();
    review.addProperty("apiVersion", API_VERSION);
    review.addProperty("kind", KIND);
    review.add("response", response);
    return review.toString();
  }
}
