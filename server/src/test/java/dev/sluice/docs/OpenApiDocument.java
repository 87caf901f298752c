package dev.sluice.docs;

import com.networknt.schema.Error;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.dialect.Dialects;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.dataformat.yaml.YAMLMapper;

/** {@code openapi.yaml}, and whether something is as it says. */
public final class OpenApiDocument {
  private static final String IRI = "https://sluice.example/openapi.json";
  private static final String DRAFT_2020_12 = "https://json-schema.org/draft/2020-12/schema";
  private static final Set<String> METHODS =
      Set.of("get", "put", "post", "delete", "options", "head", "patch", "trace");

  private final JsonNode json;
  private final SchemaRegistry schemas;

  private OpenApiDocument(JsonNode json) {
    this.json = json;
    schemas =
        SchemaRegistry.withDialect(
            Dialects.getOpenApi31(), builder -> builder.schemas(Map.of(IRI, json.toString())));
  }

  public static OpenApiDocument load() {
    String yaml = DocumentFiles.read(DocumentFiles.DOCS.resolve("openapi.yaml"));
    return new OpenApiDocument(new YAMLMapper().readTree(yaml));
  }

  /** What keeps it from being OpenAPI 3.1; nothing if it is. */
  public List<String> faults() {
    SchemaRegistry plain = SchemaRegistry.withDialect(Dialects.getDraft202012());
    List<String> faults = new ArrayList<>();
    faults.addAll(texts(plain.getSchema(openApiSchema()).validate(json)));
    Schema ofSchemas = plain.getSchema(SchemaLocation.of(DRAFT_2020_12));
    for (JsonNode schema : schemaObjects()) {
      faults.addAll(texts(ofSchemas.validate(schema)));
    }
    for (String name : at("#/components/schemas").propertyNames()) {
      String pointer = "#/components/schemas/" + name;
      for (JsonNode example : at(pointer + "/examples")) {
        faultsOf(example, pointer).forEach(fault -> faults.add(name + ": " + fault));
      }
    }
    for (JsonNode reference : json.findValues("$ref")) {
      if (at(reference.asString()).isMissingNode()) {
        faults.add(reference + " leads nowhere");
      }
    }
    return faults;
  }

  /** The calls, in the order of the document. */
  public List<Operation> operations() {
    List<Operation> operations = new ArrayList<>();
    json.path("paths")
        .properties()
        .forEach(
            path ->
                path.getValue()
                    .properties()
                    .forEach(
                        call -> {
                          if (METHODS.contains(call.getKey())) {
                            operations.add(operation(path.getKey(), call.getKey()));
                          }
                        }));
    return operations;
  }

  /** The call of that method at a path of a request, without its query; null if there is none. */
  public @Nullable Operation find(String method, String path) {
    return operations().stream()
        .filter(operation -> operation.method().equals(method) && operation.matches(path))
        .findFirst()
        .orElse(null);
  }

  /** Every code that a problem may have. */
  public Set<String> problemCodes() {
    Set<String> codes = new TreeSet<>();
    at("#/components/schemas/ProblemCode/oneOf")
        .forEach(code -> codes.add(code.path("const").asString()));
    return codes;
  }

  /** What of the instance is not as the schema at that pointer says. */
  public List<String> faultsOf(JsonNode instance, String pointer) {
    return texts(schemas.getSchema(SchemaLocation.of(IRI + pointer)).validate(instance));
  }

  /** What is at a pointer such as {@code #/components/schemas/Event}. */
  public JsonNode at(String pointer) {
    return json.at(pointer.substring(1));
  }

  /** Where the node at that pointer really is, if it is but a reference. */
  String target(String pointer) {
    JsonNode reference = at(pointer).get("$ref");
    return reference == null ? pointer : reference.asString();
  }

  private Operation operation(String path, String method) {
    String pointer = "#/paths/" + path.replace("~", "~0").replace("/", "~1") + "/" + method;
    return new Operation(this, method.toUpperCase(Locale.ROOT), path, pointer);
  }

  private List<JsonNode> schemaObjects() {
    List<JsonNode> found = new ArrayList<>(json.findValues("schema"));
    at("#/components/schemas").forEach(found::add);
    found.removeIf(Predicate.not(JsonNode::isObject));
    return found;
  }

  private static List<String> texts(List<Error> errors) {
    return errors.stream().map(Error::toString).toList();
  }

  private static JsonNode openApiSchema() {
    try (InputStream in =
        Objects.requireNonNull(
            OpenApiDocument.class.getResourceAsStream("/oas/openapi-3.1-schema.json"))) {
      return JsonMapper.shared().readTree(new String(in.readAllBytes(), StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
