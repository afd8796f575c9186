package llmload.telemetry.gpu;

import llmload.model.TelemetryId;
import llmload.telemetry.Reading;

/**
 * NVIDIA's bit mask of what holds the clocks down. Idle (0x1), a clock setting (0x2), sync boost
 * (0x10) and a display (0x100) are no throttling. Source: NVML's clocks event reasons.
 */
final class ThrottleReasons {
  private static final long POWER_CAP = 0x4;
  private static final long HARDWARE = 0x8;
  private static final long THERMAL = 0x20 | 0x40;
  private static final long POWER_BRAKE = 0x80;

  private ThrottleReasons() {}

  /** Puts 1 or 0 for each reason. */
  static void put(Reading reading, long mask) {
    reading.put(TelemetryId.THROTTLED_POWER_RATIO, flag(mask, POWER_CAP));
    reading.put(TelemetryId.THROTTLED_THERMAL_RATIO, flag(mask, THERMAL));
    reading.put(TelemetryId.THROTTLED_BRAKE_RATIO, flag(mask, POWER_BRAKE));
    reading.put(TelemetryId.THROTTLED_HARDWARE_RATIO, flag(mask, HARDWARE));
  }

  private static long flag(long mask, long bits) {
    return (mask & bits) == 0 ? 0 : 1;
  }
}
