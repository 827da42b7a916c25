package dev.crossfade.sidecar;

import static dev.crossfade.testkit.wire.Messages.bind;
import static dev.crossfade.testkit.wire.Messages.closeStatement;
import static dev.crossfade.testkit.wire.Messages.describePortal;
import static dev.crossfade.testkit.wire.Messages.describeStatement;
import static dev.crossfade.testkit.wire.Messages.execute;
import static dev.crossfade.testkit.wire.Messages.parse;
import static dev.crossfade.testkit.wire.Messages.query;
import static dev.crossfade.testkit.wire.Messages.sync;
import static org.assertj.core.api.Assertions.assertThat;

import dev.crossfade.testkit.wire.Frame;
import dev.crossfade.testkit.wire.Parameter;
import dev.crossfade.testkit.wire.WireClient;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A session that speaks the new shape writes to old, and is answered as by new. */
class NewShapeWriteIT {
  private static Pair pair;
  private static Sidecar sidecar;
  private WireClient through;
  private WireClient direct;

  @BeforeAll
  static void start() throws Exception {
    pair = new Pair();
    sidecar = pair.sidecar("OFF", "0%", "random");
  }

  @AfterAll
  static void stop() throws Exception {
    sidecar.close();
    pair.close();
  }

  @BeforeEach
  void connect() throws Exception {
    through = NewShapeClients.through(sidecar);
    direct = NewShapeClients.direct(pair);
  }

  @AfterEach
  void disconnect() throws Exception {
    through.close();
    direct.close();
  }

  private void same(byte[]... messages) throws Exception {
    List<Frame> expected = direct.exchange(messages);
    assertThat(NewShapeClients.essence(through.exchange(messages)))
        .isEqualTo(NewShapeClients.essence(expected));
  }

  private static Parameter text(String value) {
    return Parameter.text(value);
  }

  @Test
  void simpleWrites() throws Exception {
    same(query("UPDATE people SET given_name = 'Anna' WHERE id = 3"));
    same(query("SELECT * FROM people WHERE id = 3"));
    same(query("UPDATE people SET family_name = 'Xu' WHERE id IN (5, 6) RETURNING id, given_name"));
    same(query("BEGIN; UPDATE people SET given_name = 'Bo' WHERE id = 4; COMMIT"));
    same(query("SELECT id, given_name FROM people WHERE id BETWEEN 2 AND 8 ORDER BY id"));
  }

  @Test
  void extendedWrites() throws Exception {
    same(
        parse("u", "UPDATE people SET given_name = $1 WHERE id = $2"),
        describeStatement("u"),
        bind("", "u", text("Carl"), text("10")),
        describePortal(""),
        execute("", 1),
        bind("", "u", text("Dora"), text("11")),
        execute("", 0),
        sync());
    same(query("SELECT id, given_name FROM people WHERE id IN (10, 11) ORDER BY id"));
    same(closeStatement("u"), sync());
    same(
        parse("", "UPDATE people SET given_name = $1 WHERE id < $2 RETURNING id"),
        bind("", "", text("Eva"), text("4")),
        describePortal(""),
        execute("", 0),
        sync());
  }
}
