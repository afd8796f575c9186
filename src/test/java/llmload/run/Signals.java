package llmload.run;

import java.lang.reflect.Proxy;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import llmload.model.ExitCode;

/**
 * Remembers which signal ends this JVM, which a shutdown hook cannot ask. By reflection, since the
 * class behind it is not part of the Java platform; a JVM without it only loses the name.
 */
final class Signals {
  private static final AtomicReference<String> RECEIVED = new AtomicReference<>();

  private Signals() {}

  /** Ends the JVM on SIGINT and SIGTERM as it would end by itself, but noted. */
  static void note() {
    for (String name : List.of("INT", "TERM")) {
      try {
        Class<?> signal = Class.forName("sun.misc.Signal");
        Class<?> handler = Class.forName("sun.misc.SignalHandler");
        Object noting =
            Proxy.newProxyInstance(
                Signals.class.getClassLoader(),
                new Class<?>[] {handler},
                (proxy, method, arguments) ->
                    switch (method.getName()) {
                      case "handle" -> exit("SIG" + name);
                      case "hashCode" -> System.identityHashCode(proxy);
                      case "equals" -> proxy == arguments[0];
                      default -> "llmload signal handler";
                    });
        signal
            .getMethod("handle", signal, handler)
            .invoke(null, signal.getConstructor(String.class).newInstance(name), noting);
      } catch (ReflectiveOperationException | RuntimeException e) {
        return; // the JVM ends by the signal all the same; the report only says "interrupted"
      }
    }
  }

  private static Object exit(String name) {
    exitAs(name);
    return name;
  }

  /** Ends the JVM as if {@code name} had been received; returns at once. */
  static void exitAs(String name) {
    if (RECEIVED.compareAndSet(null, name)) {
      int code = name.equals("SIGINT") ? ExitCode.SIGINT : ExitCode.SIGTERM;
      new Thread(() -> System.exit(code), "llmload-exit").start();
    }
  }

  /** The signal that came, if one did. */
  static Optional<String> received() {
    return Optional.ofNullable(RECEIVED.get());
  }
}
