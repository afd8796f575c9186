package llmload.protocol.internal;

import io.gatling.core.controller.inject.open.OpenInjectionStep;
import io.gatling.core.controller.inject.open.OpenInjectionSupport;
import io.gatling.javaapi.core.PopulationBuilder;
import io.gatling.javaapi.core.ScenarioBuilder;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import scala.collection.AbstractIterator;
import scala.collection.Iterator;
import scala.concurrent.duration.FiniteDuration;
import scala.jdk.javaapi.CollectionConverters;

/** Injects one user at each moment of a list: what Gatling's own steps offer only on a comb. */
public final class ArrivalInjection {
  private ArrivalInjection() {}

  /**
   * A population with one user for each offset.
   *
   * @param offsetsNanos when, since the population's start; ascending
   */
  public static PopulationBuilder inject(ScenarioBuilder scenario, long[] offsetsNanos) {
    AtomicReference<io.gatling.core.structure.ScenarioBuilder> handedOut = new AtomicReference<>();
    ScenarioBuilder unused =
        scenario.make(
            builder -> { // the Java builder hides the Scala one, but hands it to whoever changes it
              handedOut.set(builder);
              return builder;
            });
    List<OpenInjectionStep> steps = List.of(new Step(offsetsNanos));
    return new PopulationBuilder(
        Objects.requireNonNull(handedOut.get(), "Gatling's make() hands out its builder at once")
            .inject(
                OpenInjectionSupport.OpenInjectionProfileFactory()
                    .profile(CollectionConverters.asScala(steps).toList())));
  }

  /**
   * Sealed in Scala, open in byte code; of Gatling's methods only chain, users and duration count.
   */
  private static final class Step implements OpenInjectionStep {
    private final long[] offsetsNanos;
    private final FiniteDuration duration;

    Step(long[] offsetsNanos) {
      this.offsetsNanos = offsetsNanos;
      long last = offsetsNanos.length == 0 ? 0 : offsetsNanos[offsetsNanos.length - 1];
      this.duration = FiniteDuration.apply(last, TimeUnit.NANOSECONDS);
    }

    @Override
    public Iterator<FiniteDuration> chain(Iterator<FiniteDuration> chained) {
      Iterator<FiniteDuration> offsets =
          new AbstractIterator<>() {
            private int index;

            @Override
            public boolean hasNext() {
              return index < offsetsNanos.length;
            }

            @Override
            public FiniteDuration next() {
              return FiniteDuration.apply(offsetsNanos[index++], TimeUnit.NANOSECONDS);
            }
          };
      return offsets.concat(() -> chained.map(offset -> offset.$plus(duration)));
    }

    @Override
    public long users() {
      return offsetsNanos.length;
    }

    @Override
    public FiniteDuration duration() {
      return duration;
    }

    @Override
    public int productArity() {
      return 1;
    }

    @Override
    public Object productElement(int index) {
      return offsetsNanos;
    }

    @Override
    public boolean canEqual(Object other) {
      return other instanceof Step;
    }

    @Override
    public String toString() {
      return offsetsNanos.length + " arrivals";
    }
  }
}
