package llmload.config;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class KnownKeysTest {

  @Test
  void distance_countsInsertDeleteReplaceAndSwap() {
    assertThat(KnownKeys.distance("users", "users")).isZero();
    assertThat(KnownKeys.distance("usres", "users")).isEqualTo(1);
    assertThat(KnownKeys.distance("user", "users")).isEqualTo(1);
    assertThat(KnownKeys.distance("", "abc")).isEqualTo(3);
    // kitten, sitten, sittin, sitting: the textbook's example.
    assertThat(KnownKeys.distance("kitten", "sitting")).isEqualTo(3);
    assertThat(KnownKeys.distance("BASEURL", "baseUrl")).isZero();
  }

  @Test
  void nearest_isTheLeastDistance_orTheSettingWhoseGroupWasForgotten() {
    KnownKeys keys = new KnownKeys();
    keys.add("rate");
    keys.add("timeout.idle");
    keys.add("timeout.total");

    assertThat(keys.nearest("rat")).contains("rate");
    assertThat(keys.nearest("total")).contains("timeout.total");
    assertThat(keys.nearest("timeout.totl")).contains("timeout.total");
    assertThat(new KnownKeys().nearest("rate")).isEmpty();
  }

  @Test
  void environmentName_splitsWords() {
    assertThat(KnownKeys.environmentName("telemetry.nvidiaSmi"))
        .isEqualTo("LLM_TELEMETRY_NVIDIA_SMI");
    assertThat(KnownKeys.environmentName("baseUrl")).isEqualTo("LLM_BASE_URL");
  }

  @Test
  void wildcard_knowsEverythingBelow_butNotItself() {
    KnownKeys keys = new KnownKeys();
    keys.add("validity.*");

    assertThat(keys.contains("validity.gcPause")).isTrue();
    assertThat(keys.contains("validity")).isFalse();
    assertThat(keys.contains("validityX")).isFalse();
    assertThat(keys.containsEnvironmentName("LLM_VALIDITY_GC_PAUSE")).isTrue();
    assertThat(keys.containsEnvironmentName("LLM_VALIDITYX")).isFalse();
  }
}
