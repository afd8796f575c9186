package llmload.telemetry.injector;

import com.sun.management.GarbageCollectionNotificationInfo;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicLong;
import javax.management.Notification;
import javax.management.NotificationEmitter;
import javax.management.NotificationListener;
import javax.management.openmbean.CompositeData;
import org.jspecify.annotations.Nullable;

/**
 * The pauses of this JVM's garbage collectors. Concurrent cycles stop nothing and are left out.
 * Thread safe; the JVM tells of a collection shortly after it.
 */
final class GcPauses implements NotificationListener {
  private final AtomicLong maxMillis = new AtomicLong();
  private final AtomicLong totalMillis = new AtomicLong();

  static GcPauses watch() {
    GcPauses pauses = new GcPauses();
    for (GarbageCollectorMXBean bean : ManagementFactory.getGarbageCollectorMXBeans()) {
      if (bean instanceof NotificationEmitter emitter) {
        emitter.addNotificationListener(pauses, null, null);
      }
    }
    return pauses;
  }

  @Override
  public void handleNotification(Notification notification, @Nullable Object handback) {
    if (notification
        .getType()
        .equals(GarbageCollectionNotificationInfo.GARBAGE_COLLECTION_NOTIFICATION)) {
      GarbageCollectionNotificationInfo collection =
          GarbageCollectionNotificationInfo.from((CompositeData) notification.getUserData());
      if (!isConcurrent(collection)) {
        long millis = collection.getGcInfo().getDuration();
        maxMillis.accumulateAndGet(millis, Math::max);
        totalMillis.addAndGet(millis);
      }
    }
  }

  private static boolean isConcurrent(GarbageCollectionNotificationInfo collection) {
    String name = collection.getGcName().toLowerCase(Locale.ROOT);
    return name.contains("concurrent") || name.endsWith("cycles");
  }

  /** The longest pause since the call before, in milliseconds. */
  long takeMaxMillis() {
    return maxMillis.getAndSet(0);
  }

  /** All pauses since the call before, in milliseconds. */
  long takeTotalMillis() {
    return totalMillis.getAndSet(0);
  }
}
