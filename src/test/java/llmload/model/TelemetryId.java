package llmload.model;

import static llmload.model.TelemetryId.Kind.COUNTER;
import static llmload.model.TelemetryId.Kind.GAUGE;

import java.util.Locale;
import java.util.Set;

/**
 * Every number of a telemetry sample: its name, kind, the sources that tell it, and what it is. The
 * collectors and docs/telemetry.md follow this enum.
 *
 * <p>A counter is written as the source has it, so a source that starts anew is seen as a fall.
 */
public enum TelemetryId {
  TAKEN_COUNT(COUNTER, "telemetry", "readings taken of the source `of`"),
  MISSED_COUNT(
      COUNTER, "telemetry", "readings of the source `of` that were missed for the reason `reason`"),
  CLOCK_OFFSET_MS(
      GAUGE,
      "telemetry",
      "the clock of the source `of`, which stamps its samples, minus this one's"),
  CLOCK_UNCERTAINTY_MS(
      GAUGE, "telemetry", "how far `clock_offset_ms` may be from the truth, either way"),
  READ_MS(
      GAUGE,
      "server gpu",
      "how long the answer took that this sample was read from; its stamp is the middle"),
  STARTED_COUNT(COUNTER, "injector", "measured requests sent"),
  ACTIVE_COUNT(GAUGE, "injector", "of these, not ended"),
  DONE_COUNT(COUNTER, "injector", "of these, ended"),
  EVENT_LOOP_LAG_MAX_MS(GAUGE, "injector", "longest lag of an event loop since the sample before"),
  GC_PAUSE_MAX_MS(GAUGE, "injector", "longest pause of the collector since the sample before"),
  GC_PAUSE_TOTAL_MS(GAUGE, "injector", "all pauses of the collector since the sample before"),
  HEAP_USED_BYTES(GAUGE, "injector", "heap in use"),
  CPU_CORES(GAUGE, "injector process", "processor time over wall time since the sample before"),
  CPU_SECONDS(COUNTER, "process", "processor time of the process, user and system"),
  RSS_BYTES(GAUGE, "process", "resident memory"),
  THREADS_COUNT(GAUGE, "process", "threads"),
  OPEN_FILES_COUNT(GAUGE, "process", "open files"),
  DISK_READ_BYTES(COUNTER, "host process", "bytes read from disks"),
  DISK_WRITTEN_BYTES(COUNTER, "host process", "bytes written to disks"),
  DISK_BUSY_SECONDS(COUNTER, "host", "time a disk had something to do"),
  CPU_BUSY_RATIO(
      GAUGE,
      "host",
      "share of processor time not idle since the sample before; with the label `core`, of that core"),
  CORES_COUNT(GAUGE, "host", "logical processors"),
  CPU_USER_SECONDS(COUNTER, "host", "time in programs, nice ones included, over all cores"),
  CPU_SYSTEM_SECONDS(COUNTER, "host", "time in the kernel, interrupts included, over all cores"),
  CPU_IDLE_SECONDS(COUNTER, "host", "time idle, over all cores"),
  CPU_IOWAIT_SECONDS(COUNTER, "host", "time idle with a disk pending, over all cores"),
  CPU_STEAL_SECONDS(
      COUNTER, "host", "time that another guest of the same machine had, over all cores"),
  CPU_CELSIUS(GAUGE, "host", "temperature of the processor"),
  MEMORY_USED_BYTES(
      GAUGE,
      "host gpu server",
      "memory in use: of the machine, what is not available; of a GPU, its own"),
  MEMORY_TOTAL_BYTES(GAUGE, "host gpu", "memory there is"),
  SWAP_USED_BYTES(GAUGE, "host", "memory swapped out"),
  NETWORK_RECEIVED_BYTES(COUNTER, "host", "bytes received by the interface"),
  NETWORK_SENT_BYTES(COUNTER, "host", "bytes sent by the interface"),
  CGROUP_CPU_SECONDS(COUNTER, "host", "processor time of the injector's control group"),
  CGROUP_CPU_LIMIT_CORES(
      GAUGE, "host", "processors that the control group may use; absent without a limit"),
  CGROUP_MEMORY_USED_BYTES(GAUGE, "host", "memory of the control group"),
  CGROUP_MEMORY_LIMIT_BYTES(
      GAUGE, "host", "memory that the control group may use; absent without a limit"),
  ENERGY_JOULES(
      COUNTER,
      "host gpu",
      "energy since some moment; of a RAPL zone, wraps of its register added up"),
  POWER_WATTS(GAUGE, "gpu", "power now, or its mean over the last second, as the card has it"),
  POWER_LIMIT_WATTS(GAUGE, "gpu", "the limit in force"),
  GPU_BUSY_RATIO(GAUGE, "gpu", "share of time in which any kernel ran"),
  MEMORY_BUSY_RATIO(GAUGE, "gpu", "share of time in which the memory was read or written"),
  SM_ACTIVE_RATIO(GAUGE, "gpu", "share of the multiprocessors with work"),
  ENGINE_ACTIVE_RATIO(
      GAUGE, "gpu", "share of time in which the compute or graphics engine was active"),
  TENSOR_ACTIVE_RATIO(GAUGE, "gpu", "share of cycles in which the tensor cores were active"),
  DRAM_ACTIVE_RATIO(GAUGE, "gpu", "share of cycles in which the memory interface was active"),
  GPU_CELSIUS(GAUGE, "gpu", "temperature of the chip, of AMD's its hottest spot"),
  MEMORY_CELSIUS(GAUGE, "gpu", "temperature of the memory"),
  SM_CLOCK_MHZ(GAUGE, "gpu", "clock of the multiprocessors"),
  MEMORY_CLOCK_MHZ(GAUGE, "gpu", "clock of the memory"),
  THROTTLED_POWER_RATIO(
      GAUGE,
      "gpu",
      "1 while slowed by the power limit, else 0; from AMD's exporter a share of time"),
  THROTTLED_THERMAL_RATIO(
      GAUGE, "gpu", "1 while slowed by heat, else 0; from AMD's exporter a share of time"),
  THROTTLED_BRAKE_RATIO(GAUGE, "gpu", "1 while slowed by the power brake, else 0"),
  THROTTLED_HARDWARE_RATIO(GAUGE, "gpu", "1 while slowed by the hardware for any reason, else 0"),
  THROTTLED_RATIO(GAUGE, "gpu", "1 while slowed, the reason not told, else 0"),
  THROTTLED_POWER_SECONDS(COUNTER, "gpu", "time slowed by the power limit"),
  THROTTLED_THERMAL_SECONDS(COUNTER, "gpu", "time slowed by heat"),
  XID_CODE(GAUGE, "gpu", "the last Xid error"),
  PCIE_REPLAY_COUNT(COUNTER, "gpu", "PCIe packets sent again"),
  REQUESTS_RUNNING_COUNT(GAUGE, "server", "requests computed now, the batch"),
  REQUESTS_WAITING_COUNT(GAUGE, "server", "requests in the queue"),
  REQUESTS_FINISHED_COUNT(COUNTER, "server", "requests that are over, whatever their end"),
  PROMPT_TOKENS(COUNTER, "server", "prompt tokens, cached ones included"),
  PROMPT_COMPUTED_TOKENS(COUNTER, "server", "prompt tokens that were computed"),
  PROMPT_CACHED_TOKENS(COUNTER, "server", "prompt tokens found in a cache"),
  GENERATION_TOKENS(COUNTER, "server", "generated tokens"),
  PREFIX_QUERIED_TOKENS(
      COUNTER, "server", "tokens looked up in the prefix cache, retries counted again"),
  PREFIX_HIT_TOKENS(COUNTER, "server", "of these, found"),
  PREFIX_HIT_BLOCKS_COUNT(COUNTER, "server", "blocks found in the prefix cache"),
  PREFIX_MISSED_BLOCKS_COUNT(COUNTER, "server", "blocks not found in the prefix cache"),
  PREFIX_HIT_RATIO(GAUGE, "server", "the server's own hit ratio, over a window of its own"),
  KV_USED_RATIO(GAUGE, "server", "share of the KV cache in use"),
  KV_USED_TOKENS(GAUGE, "server", "tokens in the KV cache"),
  KV_CAPACITY_TOKENS(GAUGE, "server", "tokens that the KV cache holds"),
  KV_CAPACITY_BYTES(GAUGE, "server", "bytes of the KV cache"),
  KV_USED_BLOCKS_COUNT(GAUGE, "server", "blocks of the KV cache in use"),
  KV_CAPACITY_BLOCKS_COUNT(GAUGE, "server", "blocks of the KV cache"),
  KV_BLOCK_TOKENS(GAUGE, "server", "tokens of a block"),
  KV_EVICTABLE_TOKENS(GAUGE, "server", "cached tokens that nobody uses"),
  PREEMPTIONS_COUNT(COUNTER, "server", "requests put back to make room"),
  EVICTED_TOKENS(COUNTER, "server", "tokens evicted from the cache"),
  EVICTED_BLOCKS_COUNT(COUNTER, "server", "blocks evicted from the cache"),
  EVICTION_PASSES_COUNT(COUNTER, "server", "passes of eviction"),
  EVICTION_SECONDS(COUNTER, "server", "time in passes of eviction"),
  SPEC_DRAFTS_COUNT(COUNTER, "server", "drafts of speculative decoding"),
  SPEC_DRAFT_TOKENS(COUNTER, "server", "tokens drafted"),
  SPEC_ACCEPTED_TOKENS(COUNTER, "server", "of these, accepted"),
  SPEC_ACCEPT_RATIO(
      GAUGE, "server", "the server's own acceptance ratio; absent while it does not speculate"),
  DECODE_STEPS_COUNT(COUNTER, "server", "decode calls"),
  BUSY_SLOTS_PER_DECODE_COUNT(GAUGE, "server", "mean batch since the start"),
  SLOTS_COUNT(GAUGE, "server", "slots for requests that are computed at once"),
  SLOTS_BUSY_COUNT(GAUGE, "server", "of these, at work"),
  SLOTS_PROMPT_TOKENS(GAUGE, "server", "tokens of the prompts of busy slots"),
  SLOTS_DECODED_TOKENS(GAUGE, "server", "tokens that the busy slots have decoded so far"),
  TTFT_COUNT(COUNTER, "server", "requests whose first token is timed"),
  TTFT_SECONDS(COUNTER, "server", "sum of the server's times to first token"),
  ITL_COUNT(COUNTER, "server", "gaps between tokens timed"),
  ITL_SECONDS(COUNTER, "server", "sum of the server's gaps between tokens"),
  E2E_COUNT(COUNTER, "server", "requests whose whole time is timed"),
  E2E_SECONDS(COUNTER, "server", "sum of the server's times of whole requests"),
  QUEUE_COUNT(COUNTER, "server", "requests whose time in the queue is timed"),
  QUEUE_SECONDS(COUNTER, "server", "sum of times in the queue"),
  PREFILL_COUNT(COUNTER, "server", "requests whose prefill is timed"),
  PREFILL_SECONDS(COUNTER, "server", "sum of times of prefill"),
  DECODE_COUNT(COUNTER, "server", "requests whose decode is timed"),
  DECODE_SECONDS(COUNTER, "server", "sum of times of decode"),
  MODEL_LOAD_SECONDS(GAUGE, "server", "time that loading the weights took"),
  PROCESS_START_SECONDS(
      GAUGE, "server", "start of the server, seconds since 1970: a change is a restart"),
  PROCESS_RSS_BYTES(GAUGE, "server", "resident memory of the server, by its own word");

  /** How a number moves. */
  public enum Kind {
    /** It goes up and down; a sample says how it is. */
    GAUGE,
    /** It only grows until its source starts anew; two samples say what happened between them. */
    COUNTER
  }

  private final Kind kind;
  private final String sources;
  private final String meaning;

  TelemetryId(Kind kind, String sources, String meaning) {
    this.kind = kind;
    this.sources = sources;
    this.meaning = meaning;
  }

  /** The name in a sample, which ends in its unit: {@code power_watts}. */
  public String id() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** How it moves. */
  public Kind kind() {
    return kind;
  }

  /** The sources whose samples have it. */
  public Set<String> sources() {
    return Set.of(sources.split(" ", -1));
  }

  /** What it is, in a few words. */
  public String meaning() {
    return meaning;
  }
}
