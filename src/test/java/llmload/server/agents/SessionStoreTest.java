package llmload.server.agents;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import llmload.server.agents.SessionStore.Tier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SessionStoreTest {
  private static final int[] THREE = {7, 8, 9};

  @TempDir private Path parent;

  private SessionStore store(int hotCount) {
    return new SessionStore(new SessionLimits(4_096, 256, hotCount, 1 << 20, parent), () -> 5_000);
  }

  private List<Path> files() throws IOException {
    try (Stream<Path> all = Files.walk(parent)) {
      return all.filter(Files::isRegularFile).toList();
    }
  }

  @Test
  void save_writesAFileOfTheStatedSize_andCloseDeletesIt() throws IOException {
    try (SessionStore store = store(2)) {
      store.save("a", THREE);
      // A head of 8 bytes, 3 tokens of 4, and 3 x 4,096 of cache.
      assertThat(files()).hasSize(1);
      assertThat(Files.size(files().get(0))).isEqualTo(8 + 12 + 12_288);
      assertThat(store.usedBlockCount()).isEqualTo(1);
    }
    assertThat(parent).isEmptyDirectory();
  }

  @Test
  void evicted_isWarm_andLoadsFromItsFile() {
    try (SessionStore store = store(2)) {
      store.save("a", THREE);
      assertThat(store.evict("a")).isTrue();
      assertThat(store.list().get(0).tier()).isEqualTo(Tier.WARM);
      assertThat(store.usedBlockCount()).isZero();
      assertThat(store.load("a")).hasValueSatisfying(t -> assertThat(t).containsExactly(7, 8, 9));
      assertThat(store.list().get(0).tier()).isEqualTo(Tier.HOT);
    }
  }

  @Test
  void moreThanFit_putsTheLeastRecentlyUsedOnDisk() {
    try (SessionStore store = store(2)) {
      store.save("a", THREE);
      store.save("b", THREE);
      assertThat(store.load("a")).isPresent();
      store.save("c", THREE);
      assertThat(store.list())
          .filteredOn(view -> view.tier() == Tier.WARM)
          .extracting(SessionStore.View::id)
          .containsExactly("b");
    }
  }

  @Test
  void deleted_isCold() throws IOException {
    try (SessionStore store = store(2)) {
      store.save("a", THREE);
      assertThat(store.delete("a")).isTrue();
      assertThat(store.delete("a")).isFalse();
      assertThat(store.evict("a")).isFalse();
      assertThat(store.load("a")).isEmpty();
      assertThat(files()).isEmpty();
    }
  }

  @Test
  void fileThatWasChanged_isAnErrorAndNoCache() throws IOException {
    try (SessionStore store = store(2)) {
      store.save("a", THREE);
      assertThat(store.evict("a")).isTrue();
      byte[] bytes = Files.readAllBytes(files().get(0));
      bytes[5_000]++;
      Files.write(files().get(0), bytes);
      assertThatThrownBy(() -> store.load("a"))
          .isInstanceOf(UncheckedIOException.class)
          .hasMessageContaining("Expecting a session's whole file");
    }
  }

  @Test
  void slot_isWrittenOnlyWhenSaved_andRestored() throws IOException {
    try (SessionStore store = store(2)) {
      store.hold("slot:1", THREE);
      assertThat(files()).isEmpty();
      assertThat(store.export("slot:1", "s1.bin"))
          .hasValueSatisfying(n -> assertThat(n).containsExactly(3, 8 + 12 + 12_288));
      assertThat(store.delete("slot:1")).isTrue();
      assertThat(store.restore("slot:1", "s1.bin"))
          .hasValueSatisfying(n -> assertThat(n).containsExactly(3, 8 + 12 + 12_288));
      assertThat(store.load("slot:1")).isPresent();
      assertThat(store.restore("slot:1", "other")).isEmpty();
    }
  }
}
