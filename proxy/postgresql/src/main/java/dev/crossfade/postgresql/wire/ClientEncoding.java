package dev.crossfade.postgresql.wire;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * How a session's text is written, as far as the sidecar has to know: to write text of its own, and
 * to count characters as the server does.
 *
 * @param singleByte each byte is a character
 */
public record ClientEncoding(Charset charset, boolean singleByte) {
  private static final ClientEncoding UTF8 = new ClientEncoding(StandardCharsets.UTF_8, false);

  /**
   * @param client value of client_encoding
   * @param server value of server_encoding, which counts where the client has none
   */
  public static ClientEncoding of(String client, String server) {
    String name = client.equals("SQL_ASCII") ? server : client;
    return switch (name.toUpperCase(Locale.ROOT)) {
      case "LATIN1" -> new ClientEncoding(StandardCharsets.ISO_8859_1, true);
      case "LATIN9" -> new ClientEncoding(Charset.forName("ISO-8859-15"), true);
      case "WIN1252" -> new ClientEncoding(Charset.forName("windows-1252"), true);
      case "SQL_ASCII" -> new ClientEncoding(StandardCharsets.UTF_8, true);
      default -> UTF8;
    };
  }

  /** Characters in the first bytes of a text. */
  public int characters(byte[] text, int bytes) {
    int characters = 0;
    for (int i = 0; i < bytes; i++) {
      characters += startsCharacter(text[i]) ? 1 : 0;
    }
    return characters;
  }

  /** How many bytes the first characters of a text take; all when it has fewer. */
  public int bytes(byte[] text, int characters) {
    int at = 0;
    int left = characters;
    while (at < text.length) {
      if (startsCharacter(text[at]) && --left < 0) {
        return at;
      }
      at++;
    }
    return at;
  }

  private boolean startsCharacter(byte b) {
    return singleByte || (b & 0xc0) != 0x80;
  }
}
