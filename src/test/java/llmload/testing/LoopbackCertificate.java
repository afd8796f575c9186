package llmload.testing;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/**
 * A self-signed certificate for {@code localhost} and 127.0.0.1, made anew in each JVM by the JDK's
 * own {@code keytool}, so that no key lies in the repository and none expires there.
 */
public final class LoopbackCertificate {
  private static final char[] PASSWORD = "changeit".toCharArray();

  private final KeyStore keys;

  private LoopbackCertificate(KeyStore keys) {
    this.keys = keys;
  }

  /** The one of this JVM. */
  public static LoopbackCertificate shared() {
    return Holder.SHARED;
  }

  /** A context that presents the certificate and trusts it: for either side. */
  public SSLContext context() {
    try {
      TrustManagerFactory trust =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      trust.init(keys);
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(keyManagers().getKeyManagers(), trust.getTrustManagers(), null);
      return context;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  KeyManagerFactory keyManagers() throws GeneralSecurityException {
    KeyManagerFactory factory =
        KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    factory.init(keys, PASSWORD);
    return factory;
  }

  private static LoopbackCertificate create() {
    try {
      Path folder = Files.createTempDirectory("llmload-certificate");
      Path file = folder.resolve("keys.p12");
      try {
        keytool(file);
        KeyStore keys = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(file)) {
          keys.load(in, PASSWORD);
        }
        return new LoopbackCertificate(keys);
      } finally {
        Files.deleteIfExists(file);
        Files.delete(folder);
      }
    } catch (IOException | GeneralSecurityException e) {
      throw new IllegalStateException("keytool: Expecting a key store. Found: " + e + ".", e);
    }
  }

  private static void keytool(Path file) throws IOException {
    String tool = Path.of(System.getProperty("java.home", ""), "bin", "keytool").toString();
    List<String> options =
        List.of("-alias", "test", "-keyalg", "EC", "-validity", "2", "-dname", "CN=localhost");
    List<String> command = new ArrayList<>(List.of(tool, "-genkeypair"));
    command.addAll(options);
    command.addAll(List.of("-ext", "SAN=dns:localhost,ip:127.0.0.1", "-storetype", "PKCS12"));
    command.addAll(List.of("-storepass", new String(PASSWORD), "-keystore", file.toString()));
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    try {
      int exit = process.waitFor();
      if (exit != 0) {
        throw new IOException("exit code " + exit);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }

  private static final class Holder {
    static final LoopbackCertificate SHARED = create();
  }
}
