package dev.crossfade.server.console.view;

import io.pebbletemplates.pebble.PebbleEngine;
import io.pebbletemplates.pebble.loader.ClasspathLoader;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/** The templates of the pages. What they are given comes out escaped, unless one says otherwise. */
public final class Templates {
  private static final String FOLDER = "dev/crossfade/server/console/templates";

  private final PebbleEngine engine;

  public Templates() {
    ClasspathLoader loader = new ClasspathLoader(Templates.class.getClassLoader());
    loader.setPrefix(FOLDER);
    loader.setSuffix(".peb");
    engine =
        new PebbleEngine.Builder()
            .loader(loader)
            .autoEscaping(true)
            .strictVariables(true)
            .defaultLocale(Locale.ROOT)
            .build();
  }

  /**
   * @param name of the template, such as {@code page}
   * @param model what the template names, all of it
   */
  public String render(String name, Map<String, Object> model) {
    StringWriter text = new StringWriter();
    try {
      engine.getTemplate(name).evaluate(text, new HashMap<>(model));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return text.toString();
  }
}
