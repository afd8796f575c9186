package llmload.protocol.internal;

import com.typesafe.config.ConfigFactory;
import io.gatling.core.CoreComponents;
import io.gatling.core.config.GatlingConfiguration;
import io.gatling.core.protocol.Protocol;
import io.gatling.core.protocol.ProtocolComponents;
import io.gatling.core.protocol.ProtocolKey;
import io.gatling.core.session.Session;
import io.gatling.http.protocol.HttpComponents;
import io.gatling.http.protocol.HttpProtocol;
import llmload.protocol.ProtocolSettings;
import scala.Function1;
import scala.runtime.BoxedUnit;

/** The llm protocol as Gatling knows it: HTTP components of its own, and our settings beside. */
public final class LlmProtocol implements Protocol {
  private final ProtocolSettings settings;

  /** A protocol with those settings. */
  public LlmProtocol(ProtocolSettings settings) {
    this.settings = settings;
  }

  /** What actions take from the protocol. */
  static final class Components implements ProtocolComponents {
    private final ProtocolSettings settings;
    private final HttpComponents http;

    Components(ProtocolSettings settings, HttpComponents http) {
      this.settings = settings;
      this.http = http;
    }

    ProtocolSettings settings() {
      return settings;
    }

    HttpComponents http() {
      return http;
    }

    @Override
    public Function1<Session, Session> onStart() {
      return http.onStart();
    }

    @Override
    public Function1<Session, BoxedUnit> onExit() {
      return http.onExit();
    }
  }

  /** How Gatling finds the protocol of a simulation and makes its components. */
  static final class Key implements ProtocolKey<LlmProtocol, Components> {
    static final Key INSTANCE = new Key();

    private Key() {}

    @Override
    @SuppressWarnings("unchecked") // Gatling declares the key's class as that of the base trait
    public Class<Protocol> protocolClass() {
      return (Class<Protocol>) (Class<?>) LlmProtocol.class;
    }

    @Override
    public LlmProtocol defaultProtocolValue(GatlingConfiguration configuration) {
      throw new IllegalStateException(
          "protocols: Expecting an llm protocol, as in setUp(...).protocols(llm(http.baseUrl(url)))."
              + " Found: none.");
    }

    @Override
    public Function1<LlmProtocol, Components> newComponents(CoreComponents core) {
      return protocol -> {
        ProtocolSettings settings = protocol.settings;
        CoreComponents trusting = settings.verifyTls() ? core : withoutTlsVerification(core);
        HttpProtocol http = (HttpProtocol) settings.http().protocol();
        return new Components(
            settings, HttpProtocol.HttpProtocolKey().newComponents(trusting).apply(http));
      };
    }

    /** Gatling reads its trust settings from its configuration alone, so ours takes its place. */
    private static CoreComponents withoutTlsVerification(CoreComponents core) {
      System.setProperty("gatling.ssl.useInsecureTrustManager", "true");
      System.setProperty("gatling.http.enableHostnameVerification", "false");
      ConfigFactory.invalidateCaches();
      return new CoreComponents(
          core.actorSystem(),
          core.eventLoopGroup(),
          core.controller(),
          core.throttler(),
          core.statsEngine(),
          core.clock(),
          core.exit(),
          GatlingConfiguration.load());
    }
  }
}
