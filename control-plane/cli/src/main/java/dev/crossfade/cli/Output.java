package dev.crossfade.cli;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.MessageOrBuilder;
import com.google.protobuf.util.JsonFormat;
import java.io.PrintWriter;

/** Where a command's results are written, and in which format. */
record Output(PrintWriter out, CtlMain.Format format) {
  boolean isJson() {
    return format == CtlMain.Format.json;
  }

  void print(String line) {
    out.println(line);
    out.flush();
  }

  /** Of a terminal's line, what was there is written over; nothing ends it. */
  void redraw(String line) {
    out.print("\r\u001b[K" + line);
    out.flush();
  }

  void printJson(MessageOrBuilder message) {
    print(json(JsonFormat.printer().alwaysPrintFieldsWithNoPresence(), message));
  }

  /** JSON on one line, for streams. */
  void printJsonLine(MessageOrBuilder message) {
    print(
        json(
            JsonFormat.printer()
                .alwaysPrintFieldsWithNoPresence()
                .omittingInsignificantWhitespace(),
            message));
  }

  private static String json(JsonFormat.Printer printer, MessageOrBuilder message) {
    try {
      return printer.print(message);
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalStateException("only messages with unresolvable Any fields have no JSON", e);
    }
  }
}
