package dev.crossfade.testkit.postgres;

/** How a role must prove its password over TCP. */
public enum Authentication {
  /** The password in the clear; stored as a SCRAM verifier. */
  CLEARTEXT("password", "scram-sha-256"),
  /** The md5 challenge; stored as an md5 hash. */
  MD5("md5", "md5"),
  /** SCRAM-SHA-256. */
  SCRAM("scram-sha-256", "scram-sha-256");

  private final String hbaMethod;
  private final String encryption;

  Authentication(String hbaMethod, String encryption) {
    this.hbaMethod = hbaMethod;
    this.encryption = encryption;
  }

  /** The method's name in pg_hba.conf. */
  String hbaMethod() {
    return hbaMethod;
  }

  /** The value of {@code password_encryption} with which the role's password must be stored. */
  String encryption() {
    return encryption;
  }
}
