package dev.crossfade.postgresql.session;

import io.netty.buffer.ByteBuf;

/** New, as what translates for it sees it. */
record MovedHost(ClientSession session, MovedSide side) implements SessionHost {
  @Override
  public void send(ByteBuf bytes) {
    side.write(bytes);
  }

  @Override
  public void reply(ByteBuf bytes) {
    side.reply(bytes);
  }

  @Override
  public void updateReading() {
    session.updateReading();
  }

  @Override
  public boolean isLoggedIn() {
    return true;
  }
}
