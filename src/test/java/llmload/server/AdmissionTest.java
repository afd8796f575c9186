package llmload.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class AdmissionTest {
  private final Admission admission = new Admission(2, 1);

  @Test
  void admit_slotsAndQueueFull_isRefusedUntilOneLeaves() {
    Admission.Ticket first = admission.admit();
    admission.admit();
    admission.admit();

    assertThatThrownBy(admission::admit)
        .isInstanceOf(ApiException.class)
        .hasMessage(
            "queue: Expecting at most 1 waiting requests. Found: one more. Try again in a second.");

    first.release();
    assertThat(admission.admit()).isNotNull();
  }

  @Test
  void release_twice_countsOnce() {
    Admission.Ticket first = admission.admit();
    admission.admit();
    admission.admit();
    first.release();
    first.release();
    admission.admit();

    assertThatThrownBy(admission::admit).isInstanceOf(ApiException.class);
  }

  @Test
  void drain_whileOneIsIn_waitsForItAndLetsNobodyIn() throws InterruptedException {
    Admission.Ticket ticket = admission.admit();
    assertThat(admission.drain(1)).isFalse();
    assertThatThrownBy(admission::admit).hasMessageContaining("closing");

    Thread leaving = new Thread(ticket::release);
    leaving.start();

    assertThat(admission.drain(10_000)).isTrue();
    leaving.join();
  }
}
