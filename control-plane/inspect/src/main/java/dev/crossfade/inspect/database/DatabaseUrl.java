package dev.crossfade.inspect.database;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Properties;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Where a database is, as {@code postgresql://user@host:port/database?sslmode=verify-full}. Never
 * with a password: command lines can be read by others. Without one from its caller, the driver
 * looks into the user's {@code .pgpass}.
 *
 * @param jdbc the driver's form of it
 * @param user who asks
 */
public record DatabaseUrl(String jdbc, String user, @Nullable String password) {
  private static final Pattern SECRET = Pattern.compile("(?i)(^|[?&])(password|sslpassword)=");
  private static final Pattern LOGIN = Pattern.compile("//[^/?@]*:[^/?@]*@");
  private static final int DEFAULT_PORT = 5432;

  /**
   * @param password null when it is to come from {@code .pgpass}, or when none is needed
   * @param systemUser who asks when the URL does not say
   * @throws IllegalArgumentException when it can not be right; the message says what would be
   */
  public static DatabaseUrl parse(String text, @Nullable String password, String systemUser) {
    String plain = text.startsWith("jdbc:") ? text.substring("jdbc:".length()) : text;
    URI uri = uri(plain);
    String scheme = String.valueOf(uri.getScheme());
    String path = uri.getPath() == null ? "" : uri.getPath();
    if (!scheme.equals("postgresql") && !scheme.equals("postgres")
        || uri.getHost() == null
        || path.length() < 2) {
      throw wrong();
    }
    String query = uri.getRawQuery() == null ? "" : "?" + uri.getRawQuery();
    String login = uri.getUserInfo();
    if (SECRET.matcher(query).find() || login != null && login.contains(":")) {
      throw new IllegalArgumentException(
          "the URL has a password in it, which others on this machine can read; give it by the"
              + " environment or in ~/.pgpass");
    }
    int port = uri.getPort() < 0 ? DEFAULT_PORT : uri.getPort();
    String jdbc = "jdbc:postgresql://" + uri.getHost() + ':' + port + uri.getRawPath() + query;
    return new DatabaseUrl(jdbc, login == null ? userIn(query, systemUser) : login, password);
  }

  /**
   * Whether a URL has a password in it, also one that is wrong otherwise: command lines and files
   * of places are no places for it.
   */
  public static boolean hasPassword(String text) {
    return SECRET.matcher(text).find() || LOGIN.matcher(text).find();
  }

  private static String userIn(String query, String systemUser) {
    var matcher = Pattern.compile("[?&]user=([^&]+)").matcher(query);
    return matcher.find() ? matcher.group(1) : systemUser;
  }

  private static URI uri(String text) {
    try {
      return new URI(text);
    } catch (URISyntaxException e) {
      // Its message would repeat the text, and with it a password.
      throw wrong();
    }
  }

  private static IllegalArgumentException wrong() {
    return new IllegalArgumentException(
        "no URL of a database: write postgresql://user@host:port/database");
  }

  /** Host, port and database, without who asks and how. */
  public String place() {
    String plain = jdbc.substring("jdbc:postgresql://".length());
    int query = plain.indexOf('?');
    return query < 0 ? plain : plain.substring(0, query);
  }

  /** The login, in the driver's words. */
  public Properties properties() {
    Properties properties = new Properties();
    properties.setProperty("user", user);
    if (password != null) {
      properties.setProperty("password", password);
    }
    return properties;
  }

  /** Without the password. */
  @Override
  public String toString() {
    return jdbc + " as " + user;
  }
}
