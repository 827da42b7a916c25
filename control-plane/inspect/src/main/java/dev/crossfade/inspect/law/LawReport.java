package dev.crossfade.inspect.law;

import dev.crossfade.core.schema.TableName;
import dev.crossfade.inspect.finding.Finding;
import java.util.List;

/**
 * What a check of the laws has shown.
 *
 * @param tables of old, and what becomes of their columns
 * @param newRows rows of new that were checked
 * @param findings the gravest first
 * @param losses what of old's rows does not come back, or could not be told to
 */
public record LawReport(
    List<Table> tables, long newRows, List<Finding> findings, List<Loss> losses) {
  public LawReport {
    tables = List.copyOf(tables);
    findings = List.copyOf(findings);
    losses = List.copyOf(losses);
  }

  /**
   * @param rows that were compared
   */
  public record Table(TableName name, long rows, List<Column> columns) {
    public Table {
      columns = List.copyOf(columns);
    }
  }

  /**
   * @param rows in which it was found; 0 where it does not depend on rows
   */
  public record Loss(Finding finding, long rows) {}

  /**
   * @param rows in which it does not come back as it was
   */
  public record Column(String name, LossClass loss, long rows) {}
}
