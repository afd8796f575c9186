package llmload.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import llmload.model.ResultTable;
import org.junit.jupiter.api.Test;

class SuiteTextTest {
  private static final List<ResultTable.Column> COLUMNS =
      ResultTable.columns("agents", "", "rate", "tok/s", "stable", "");

  @Test
  void cells_areShownByTheirKind_andWhatIsAbsentAsSuch() {
    ResultTable table =
        new ResultTable(
            "t",
            "T",
            COLUMNS,
            List.of(Arrays.asList(3, 1234.56, true), Arrays.asList("all\u001B[31m", null, false)));

    assertThat(SuiteText.heads(table)).containsExactly("agents", "rate (tok/s)", "stable");
    assertThat(SuiteText.rows(table))
        .containsExactly(List.of("3", "1,235", "yes"), List.of("all", "-", "no"));
  }

  @Test
  void longTable_isCutForPeople() {
    ResultTable table =
        new ResultTable("t", "T", COLUMNS, Collections.nCopies(61, Arrays.asList(1, 2.0, true)));

    assertThat(SuiteText.rows(table)).hasSize(60);
  }

  @Test
  void row_ofAnotherWidth_isRefused() {
    assertThatThrownBy(() -> new ResultTable("t", "T", COLUMNS, List.of(List.of("one"))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Table t: 1 cells for 3 columns.");
  }
}
