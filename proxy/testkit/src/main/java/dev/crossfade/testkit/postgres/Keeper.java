package dev.crossfade.testkit.postgres;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.Writer;
import java.nio.file.Path;

/**
 * The shell process that owns one server's processes and directory, so that neither outlives this
 * JVM: it cleans up when its standard input ends, and the operating system closes that pipe however
 * this JVM dies. See {@code keeper.sh} for the verbs.
 */
final class Keeper implements AutoCloseable {
  private final Process shell;
  private final Writer verbs;
  private final BufferedReader answers;

  /**
   * Takes charge of a directory, which is made if it is not there.
   *
   * @param remove whether the directory goes with the keeper
   * @param executables where postgres and initdb are
   */
  Keeper(Path directory, boolean remove, Path executables) throws IOException {
    String afterwards = remove ? "remove" : "keep";
    shell =
        new ProcessBuilder(
                "setsid",
                "sh",
                "-c",
                script(),
                "keeper",
                directory.toString(),
                afterwards,
                executables.toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    verbs = shell.outputWriter(UTF_8);
    answers = shell.inputReader(UTF_8);
  }

  /** Creates the server's data. */
  void initialise() throws IOException {
    String exitCode = ask("initialise");
    if (!exitCode.equals("0")) {
      throw new IOException("initdb failed with exit code " + exitCode);
    }
  }

  /** Starts the server and returns its process id; an earlier one is killed first. */
  long start() throws IOException {
    return Long.parseLong(ask("start"));
  }

  /** Shuts the server down: open sessions are ended, the data is consistent. */
  void stop() throws IOException {
    ask("stop");
  }

  /** Kills all of the server's processes at once. */
  void destroy() throws IOException {
    ask("destroy");
  }

  /** Stops the server's processes from running, without closing anything. */
  void freeze() throws IOException {
    ask("freeze");
  }

  /** Lets the server's processes run on. */
  void thaw() throws IOException {
    ask("thaw");
  }

  /** Kills the server, removes the directory and returns when both are gone. */
  @Override
  public synchronized void close() throws IOException {
    verbs.close();
    shell.onExit().join();
  }

  private synchronized String ask(String verb) throws IOException {
    verbs.write(verb + "\n");
    verbs.flush();
    String answer = answers.readLine();
    if (answer == null || answer.startsWith("unknown")) {
      throw new IOException("the server's keeper answered " + answer + " to " + verb);
    }
    return answer;
  }

  private static String script() throws IOException {
    try (InputStream stream = Keeper.class.getResourceAsStream("keeper.sh")) {
      if (stream == null) {
        throw new IOException("keeper.sh is not on the class path");
      }
      return new String(stream.readAllBytes(), UTF_8);
    }
  }
}
