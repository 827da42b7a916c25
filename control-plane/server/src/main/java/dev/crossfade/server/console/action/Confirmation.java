package dev.crossfade.server.console.action;

import java.util.List;

/**
 * What somebody is told before something changes.
 *
 * @param sentences what will happen
 * @param warnings what speaks against it
 * @param button what its button says
 * @param danger whether it takes traffic or data back, or can't be undone
 */
public record Confirmation(
    String title,
    List<String> sentences,
    List<String> warnings,
    String button,
    boolean danger,
    List<Field> fields) {
  public Confirmation {
    sentences = List.copyOf(sentences);
    warnings = List.copyOf(warnings);
    fields = List.copyOf(fields);
  }

  /** With what was entered before, when the form is shown again. */
  public Confirmation entered(Form form) {
    return new Confirmation(
        title,
        sentences,
        warnings,
        button,
        danger,
        fields.stream()
            .map(
                field ->
                    switch (field.kind()) {
                      case "hidden", "check" -> field;
                      case "area" -> field.withValue(form.file(field.name()));
                      default -> form.text(field.name()).map(field::withValue).orElse(field);
                    })
            .toList());
  }
}
