package llmload.metrics;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import llmload.model.TelemetrySample;

/**
 * Memory, processors, GPUs and energy over any stretch of a run, from its telemetry. Take all
 * samples in the journal's order, then ask. Not safe for use by several threads.
 */
public final class ResourceUse {
  private static final String HOST = "host";
  private static final String GPU = "gpu";
  private static final String PROCESS = "process";
  private static final String ENERGY = "energy_joules";
  private static final String POWER = "power_watts";
  private static final double NANOS = 1e9;

  /** A reading, in the unit of its name. */
  private static final class Point {
    private final long atNanos;
    private final double value;

    Point(long atNanos, double value) {
      this.atNanos = atNanos;
      this.value = value;
    }
  }

  /** Readings by source and name, then by labels. */
  private final Map<String, Map<Map<String, String>, List<Point>>> readings = new HashMap<>();

  /** Takes one sample; those of a core, a disk or an interface are passed over. */
  public void add(TelemetrySample sample) {
    boolean ofHost = sample.source().equals(HOST);
    boolean whole = sample.labels().isEmpty() || sample.labels().containsKey("zone");
    if (ofHost ? !whole : !sample.source().equals(GPU) && !sample.source().equals(PROCESS)) {
      return;
    }
    sample
        .values()
        .forEach(
            (name, value) ->
                readings
                    .computeIfAbsent(sample.source() + " " + name, key -> new HashMap<>())
                    .computeIfAbsent(sample.labels(), key -> new ArrayList<>())
                    .add(new Point(sample.atNanos(), value)));
  }

  /** The highest share of the host's memory in use. */
  public OptionalDouble memoryPeakRatio(long fromNanos, long toNanos) {
    OptionalDouble total = memoryTotalBytes();
    OptionalDouble used = peak(HOST + " memory_used_bytes", fromNanos, toNanos);
    return used.isPresent() && total.orElse(0) > 0
        ? OptionalDouble.of(used.getAsDouble() / total.getAsDouble())
        : OptionalDouble.empty();
  }

  /** The mean share of the host's memory in use. */
  public OptionalDouble memoryMeanRatio(long fromNanos, long toNanos) {
    OptionalDouble total = memoryTotalBytes();
    OptionalDouble used = mean(HOST + " memory_used_bytes", fromNanos, toNanos);
    return used.isPresent() && total.orElse(0) > 0
        ? OptionalDouble.of(used.getAsDouble() / total.getAsDouble())
        : OptionalDouble.empty();
  }

  /** The host's memory, in bytes. */
  public OptionalDouble memoryTotalBytes() {
    return peak(HOST + " memory_total_bytes", Long.MIN_VALUE, Long.MAX_VALUE);
  }

  /** The memory of the largest GPU, in bytes. */
  public OptionalDouble gpuMemoryTotalBytes() {
    return peak(GPU + " memory_total_bytes", Long.MIN_VALUE, Long.MAX_VALUE);
  }

  /** What a GPU calls itself. */
  public Optional<String> gpuName() {
    return readings.entrySet().stream()
        .filter(entry -> entry.getKey().startsWith(GPU + " "))
        .flatMap(entry -> entry.getValue().keySet().stream())
        .flatMap(labels -> Optional.ofNullable(labels.get("name")).stream())
        .sorted()
        .findFirst();
  }

  /** The mean processors that the server's process kept busy. */
  public OptionalDouble processMeanCores(long fromNanos, long toNanos) {
    return mean(PROCESS + " cpu_cores", fromNanos, toNanos);
  }

  /** The most resident memory of the server's process, in bytes. */
  public OptionalDouble processPeakBytes(long fromNanos, long toNanos) {
    return peak(PROCESS + " rss_bytes", fromNanos, toNanos);
  }

  /** The mean resident memory of the server's process, in bytes. */
  public OptionalDouble processMeanBytes(long fromNanos, long toNanos) {
    return mean(PROCESS + " rss_bytes", fromNanos, toNanos);
  }

  /** The mean share of the host's processors that were busy. */
  public OptionalDouble cpuMeanRatio(long fromNanos, long toNanos) {
    return mean(HOST + " cpu_busy_ratio", fromNanos, toNanos);
  }

  /** The mean share of time in which the GPUs computed. */
  public OptionalDouble gpuMeanRatio(long fromNanos, long toNanos) {
    return mean(GPU + " gpu_busy_ratio", fromNanos, toNanos);
  }

  /** The highest share of time in which a GPU computed. */
  public OptionalDouble gpuPeakRatio(long fromNanos, long toNanos) {
    return peak(GPU + " gpu_busy_ratio", fromNanos, toNanos);
  }

  /** The hottest that a GPU was, in degrees Celsius. */
  public OptionalDouble gpuPeakCelsius(long fromNanos, long toNanos) {
    return peak(GPU + " gpu_celsius", fromNanos, toNanos);
  }

  /** The most memory in use of a GPU, in bytes. */
  public OptionalDouble gpuMemoryPeakBytes(long fromNanos, long toNanos) {
    return peak(GPU + " memory_used_bytes", fromNanos, toNanos);
  }

  /**
   * The energy of the stretch, in joules: the growth of the GPUs' counters, else their power over
   * time by the trapezoid rule, else the growth of the processors' counters (RAPL). At both ends it
   * is taken in a line between the two nearest readings. Empty where there is no such reading on
   * both sides, or a counter fell.
   */
  public OptionalDouble energyJoules(long fromNanos, long toNanos) {
    OptionalDouble counted = growth(GPU + " " + ENERGY, fromNanos, toNanos);
    if (counted.isPresent()) {
      return counted;
    }
    OptionalDouble summed = integral(fromNanos, toNanos);
    return summed.isPresent() ? summed : growth(HOST + " " + ENERGY, fromNanos, toNanos);
  }

  private OptionalDouble growth(String name, long fromNanos, long toNanos) {
    double sum = 0;
    for (List<Point> points : of(name)) {
      OptionalDouble from = at(points, fromNanos);
      OptionalDouble to = at(points, toNanos);
      if (from.isEmpty() || to.isEmpty() || to.getAsDouble() < from.getAsDouble()) {
        return OptionalDouble.empty();
      }
      sum += to.getAsDouble() - from.getAsDouble();
    }
    return of(name).isEmpty() ? OptionalDouble.empty() : OptionalDouble.of(sum);
  }

  private OptionalDouble integral(long fromNanos, long toNanos) {
    double joules = 0;
    for (List<Point> points : of(GPU + " " + POWER)) {
      OptionalDouble first = at(points, fromNanos);
      OptionalDouble last = at(points, toNanos);
      if (first.isEmpty() || last.isEmpty()) {
        return OptionalDouble.empty();
      }
      Point before = new Point(fromNanos, first.getAsDouble());
      List<Point> within = new ArrayList<>(within(points, fromNanos, toNanos));
      within.add(new Point(toNanos, last.getAsDouble()));
      for (Point point : within) {
        double seconds = (point.atNanos - before.atNanos) / NANOS;
        joules += (before.value + point.value) / 2 * seconds;
        before = point;
      }
    }
    return of(GPU + " " + POWER).isEmpty() ? OptionalDouble.empty() : OptionalDouble.of(joules);
  }

  /** The value at a moment, in a line between the readings around it. */
  private static OptionalDouble at(List<Point> points, long nanos) {
    Point before = null;
    for (Point point : points) {
      if (point.atNanos == nanos) {
        return OptionalDouble.of(point.value);
      }
      if (point.atNanos > nanos) {
        if (before == null) {
          return OptionalDouble.empty();
        }
        double share = (double) (nanos - before.atNanos) / (point.atNanos - before.atNanos);
        return OptionalDouble.of(before.value + (point.value - before.value) * share);
      }
      before = point;
    }
    return OptionalDouble.empty();
  }

  private OptionalDouble peak(String name, long fromNanos, long toNanos) {
    return of(name).stream()
        .flatMap(points -> within(points, fromNanos, toNanos).stream())
        .mapToDouble(point -> point.value)
        .max();
  }

  private OptionalDouble mean(String name, long fromNanos, long toNanos) {
    return of(name).stream()
        .flatMap(points -> within(points, fromNanos, toNanos).stream())
        .mapToDouble(point -> point.value)
        .average();
  }

  private static List<Point> within(List<Point> points, long fromNanos, long toNanos) {
    return points.stream()
        .filter(point -> point.atNanos >= fromNanos && point.atNanos <= toNanos)
        .toList();
  }

  private List<List<Point>> of(String name) {
    List<List<Point>> all = new ArrayList<>();
    readings
        .getOrDefault(name, Map.of())
        .values()
        .forEach(
            points ->
                all.add(
                    points.stream()
                        .sorted(Comparator.comparingLong(point -> point.atNanos))
                        .toList()));
    return all;
  }
}
