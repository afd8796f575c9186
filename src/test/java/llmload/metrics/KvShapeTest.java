package llmload.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class KvShapeTest {
  private static final KvShape GEMMA = new KvShape(48, 8, 256, 4, 256);
  private static final KvShape LLAMA = new KvShape(32, 8, 128, 4, 256);

  @Test
  void block_ofQuantisedModels_isWhatAgentMemoryReports() {
    // Gemma 3 12B at 4 bits: 589,824 bytes a layer, 48 layers, 27 MiB; Llama 3.1 8B: 294,912 x 32.
    assertThat(GEMMA.blockBytes()).isEqualTo(589_824.0 * 48).isEqualTo(27.0 * 1024 * 1024);
    assertThat(LLAMA.blockBytes()).isEqualTo(294_912.0 * 32).isEqualTo(9.0 * 1024 * 1024);
    // 4 bits and their scales are 0.28125 of 16 bits.
    assertThat(GEMMA.blockBytes() / new KvShape(48, 8, 256, 16, 256).blockBytes())
        .isEqualTo(0.28125);
  }

  @Test
  void tokens_takeWholeBlocks() {
    assertThat(GEMMA.bytes(1000)).isEqualTo(4 * 27.0 * 1024 * 1024);
    assertThat(GEMMA.blocks(256)).isEqualTo(1);
    assertThat(GEMMA.blocks(257)).isEqualTo(2);
    // 1000 of 1024: 24 / 1000 = 2.4 %; 1025 of 1280: 24.9 %; 257 of 512: 99.2 %.
    assertThat(GEMMA.paddingTokens(1000) / 1000.0).isEqualTo(0.024);
    assertThat(GEMMA.paddingTokens(1025) / 1025.0).isCloseTo(0.2488, within(1e-4));
    assertThat(GEMMA.paddingTokens(257) / 257.0).isCloseTo(0.9922, within(1e-4));
  }

  @Test
  void numberBelowOne_isRefused() {
    assertThatThrownBy(() -> new KvShape(1, 0, 1, 1, 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("Found: 1, 0, 1, 1, 1");
  }
}
