package dev.pawl.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import com.networknt.schema.ValidationMessage;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.yaml.snakeyaml.DumperOptions;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.nodes.Tag;
import org.yaml.snakeyaml.representer.Representer;
import org.yaml.snakeyaml.resolver.Resolver;

/** The OpenAPI document, against which answers are held. */
final class ApiDescription {
    private static final JsonSchemaFactory FACTORY = JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012);
    static final JsonNode DOCUMENT = read();

    private ApiDescription() {}

    /** With anchors resolved, and times as text, as JSON has them. */
    private static JsonNode read() {
        LoaderOptions options = new LoaderOptions();
        Resolver timeless = new Resolver() {
            @Override
            protected void addImplicitResolvers() {
                addImplicitResolver(Tag.BOOL, BOOL, "tf");
                addImplicitResolver(Tag.INT, INT, "-0123456789");
                addImplicitResolver(Tag.FLOAT, FLOAT, "-0123456789.");
            }
        };
        Yaml yaml = new Yaml(
                new SafeConstructor(options),
                new Representer(new DumperOptions()),
                new DumperOptions(),
                options,
                timeless);
        try (InputStream file = Dashboard.class.getResourceAsStream("openapi.yaml")) {
            return Site.MAPPER.valueToTree(yaml.load(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Set<ValidationMessage> validate(JsonNode schema, JsonNode instance) {
        ObjectNode whole = schema.deepCopy();
        whole.set("components", DOCUMENT.get("components"));
        return FACTORY.getSchema(whole).validate(instance);
    }

    /** The operation of a request, whose path has no query. */
    static JsonNode operation(String method, String path) {
        List<JsonNode> found = new ArrayList<>();
        for (Map.Entry<String, JsonNode> template : DOCUMENT.get("paths").properties()) {
            String pattern = template.getKey().substring(1).replaceAll("\\{[a-z]+}", "[^/]+");
            if (path.matches(pattern) && template.getValue().has(method.toLowerCase(Locale.ROOT))) {
                found.add(template.getValue().get(method.toLowerCase(Locale.ROOT)));
            }
        }
        assertThat(found).as("operations for " + method + " " + path).isNotEmpty();
        return found.get(found.size() - 1); // v1/repairs/plan is no name
    }

    /** That an answer is as the document says. */
    static JsonNode check(String method, String path, HttpResponse<String> response) {
        JsonNode operation = operation(method, path.split("\\?", 2)[0]);
        boolean good = response.statusCode() == 200;
        String type = response.headers().firstValue("Content-Type").orElse("");
        assertThat(type).as(method + " " + path).isEqualTo(good ? "application/json" : "application/problem+json");
        JsonNode schema = good
                ? operation.at("/responses/200/content/application~1json/schema")
                : DOCUMENT.at("/components/responses/Problem/content/application~1problem+json/schema");
        JsonNode body = Site.json(response);
        assertThat(validate(schema, body))
                .as(method + " " + path + ": " + response.body())
                .isEmpty();
        return body;
    }
}
