package org.nethserver.events.distribution.contract;

import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.Base64;
import java.util.List;

/**
 * A certificate for 127.0.0.1 that is its own authority.
 *
 * @param chain the certificate's PEM file
 * @param key its key's PEM file
 */
record Certificate(Path chain, Path key) {
  private static final char[] PASSWORD = "password".toCharArray();

  /** Makes a certificate in a directory. */
  static Certificate create(Path directory) throws Exception {
    Path store = directory.resolve("store.p12");
    Shell.run(
        List.of(
            System.getProperty("java.home") + "/bin/keytool", "-genkeypair", "-alias", "redis",
            "-keyalg", "EC", "-dname", "CN=redis", "-ext", "SAN=ip:127.0.0.1", "-validity", "2",
            "-storetype", "PKCS12", "-keystore", store.toString(), "-storepass", "password"));
    KeyStore keys = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(store)) {
      keys.load(in, PASSWORD);
    }
    Certificate made = new Certificate(directory.resolve("ca.pem"), directory.resolve("key.pem"));
    write(made.chain, "CERTIFICATE", keys.getCertificate("redis").getEncoded());
    write(made.key, "PRIVATE KEY", keys.getKey("redis", PASSWORD).getEncoded());
    return made;
  }

  private static void write(Path path, String label, byte[] bytes) {
    String text = Base64.getMimeEncoder().encodeToString(bytes);
    Stage.write(
        path, "-----BEGIN " + label + "-----\n" + text + "\n-----END " + label + "-----\n");
  }
}
