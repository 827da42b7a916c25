package dev.crossfade.sidecar;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.crossfade.testkit.wire.Messages;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A real server with something added to its errors: fields that its versions seldom send while a
 * query runs, and the place of some words of the last statement that it was sent; or with a row
 * that is not as it was.
 */
final class TamperedServer implements AutoCloseable {
  private final ServerSocket listening = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
  private final InetSocketAddress server;
  private final Map<Character, String> added;
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();
  private volatile String near = "";
  private volatile int spoiledRow = -1;
  private volatile int spoiledOffset;
  private volatile String statement = "";

  /**
   * @param added fields of every ErrorResponse
   */
  TamperedServer(InetSocketAddress server, Map<Character, String> added) throws IOException {
    this.server = server;
    this.added = Map.copyOf(added);
    Thread.ofVirtual().start(this::accept);
  }

  int port() {
    return listening.getLocalPort();
  }

  /** From now on errors point to these words. */
  void pointTo(String words) {
    near = words;
  }

  /**
   * From now on a bit of one row of every session is another.
   *
   * @param number counted from 1 from the beginning of the session
   * @param offset in the row's body
   */
  void spoil(int number, int offset) {
    spoiledOffset = offset;
    spoiledRow = number;
  }

  private void accept() {
    try {
      while (true) {
        Socket client = listening.accept();
        Socket upstream = new Socket(server.getAddress(), server.getPort());
        open.add(client);
        open.add(upstream);
        Thread.ofVirtual().start(() -> pass(client, upstream, true));
        Thread.ofVirtual().start(() -> pass(upstream, client, false));
      }
    } catch (IOException closed) {
      // The end.
    }
  }

  private void pass(Socket from, Socket to, boolean requests) {
    try (from;
        to) {
      DataInputStream in = new DataInputStream(from.getInputStream());
      OutputStream out = to.getOutputStream();
      if (requests) {
        byte[] startup = new byte[in.readInt() - 4];
        in.readFully(startup);
        out.write(java.nio.ByteBuffer.allocate(4).putInt(startup.length + 4).array());
        out.write(startup);
      }
      int rows = 0;
      while (true) {
        char type = (char) in.readUnsignedByte();
        byte[] body = new byte[in.readInt() - 4];
        in.readFully(body);
        if (requests && (type == 'Q' || type == 'P')) {
          String text = new String(body, UTF_8);
          int start = type == 'Q' ? 0 : text.indexOf('\0') + 1;
          statement = text.substring(start, text.indexOf('\0', start));
        }
        rows += type == 'D' ? 1 : 0;
        if (!requests && type == 'D' && rows == spoiledRow) {
          body[spoiledOffset] ^= 1;
        }
        out.write(Messages.raw(type, !requests && type == 'E' ? tampered(body) : body));
      }
    } catch (IOException closed) {
      // One side went, so does the other.
    }
  }

  private byte[] tampered(byte[] error) throws IOException {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    body.write(error, 0, error.length - 1);
    for (Map.Entry<Character, String> field : added.entrySet()) {
      body.write(field.getKey());
      body.write((field.getValue() + '\0').getBytes(UTF_8));
    }
    String words = near;
    if (!words.isEmpty()) {
      int position = statement.codePointCount(0, statement.lastIndexOf(words)) + 1;
      body.write(("P" + position + '\0').getBytes(UTF_8));
    }
    body.write(0);
    return body.toByteArray();
  }

  @Override
  public void close() throws IOException {
    listening.close();
    for (Socket socket : open) {
      socket.close();
    }
  }
}
