package llmload.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class YamlDocumentTest {
  @TempDir Path folder;

  private Path file(String text) throws IOException {
    return Files.writeString(folder.resolve("a.yaml"), text);
  }

  @Test
  void mapping_isReadInOrder_withItsScalars() throws IOException {
    Map<String, @Nullable Object> map =
        YamlDocument.read(
            file(
                "users: 4\nrate: 0.5\nstream: true\nnorway: no\ntimeout: {idle: 30s}\nl: [a, b]\n"));

    assertThat(map.keySet()).containsExactly("users", "rate", "stream", "norway", "timeout", "l");
    assertThat(map)
        .isEqualTo(
            Map.of(
                "users",
                4,
                "rate",
                0.5,
                "stream",
                true,
                "norway",
                false,
                "timeout",
                Map.of("idle", "30s"),
                "l",
                List.of("a", "b")));
  }

  @Test
  void emptyFile_isAnEmptyMapping() throws IOException {
    assertThat(YamlDocument.read(file(" \n"))).isEmpty();
    assertThat(YamlDocument.read(file("# nothing but a comment\n"))).isEmpty();
  }

  @Test
  void unusableFiles_areNamedWithTheirLine() throws IOException {
    Path file = file("users: 1\nusers: 2\n");
    assertThatThrownBy(() -> YamlDocument.read(file))
        .isInstanceOf(ConfigException.class)
        .hasMessage(file + ":2: Expecting a YAML mapping. Found: Duplicate field 'users'.");
    file("a: [1,\n");
    assertThatThrownBy(() -> YamlDocument.read(file))
        .isInstanceOf(ConfigException.class)
        .hasMessageMatching("(?s).*a\\.yaml:\\d+: Expecting a YAML mapping\\. Found: .+\\.");
    file("a: 1\n---\nb: 2\n");
    assertThatThrownBy(() -> YamlDocument.read(file))
        .isInstanceOf(ConfigException.class)
        .hasMessage(file + ":3: Expecting one YAML document. Found: a second one.");
    file("- a\n");
    assertThatThrownBy(() -> YamlDocument.read(file))
        .isInstanceOf(ConfigException.class)
        .hasMessageStartingWith(file + ":1: Expecting a YAML mapping. Found: ");
  }

  @Test
  void tagOfAJavaType_makesNoObject() throws IOException {
    Path file = file("a: !!javax.script.ScriptEngineManager [x]\n");

    assertThat(YamlDocument.read(file)).isEqualTo(Map.of("a", List.of("x")));
  }

  @Test
  void missingFile_isNamed() {
    Path file = folder.resolve("none.yaml");

    assertThatThrownBy(() -> YamlDocument.read(file))
        .isInstanceOf(ConfigException.class)
        .hasMessage(file + ": Expecting a YAML file. Found: no such file.");
  }
}
