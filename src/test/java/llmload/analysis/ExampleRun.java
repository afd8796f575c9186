package llmload.analysis;

import java.util.List;
import llmload.metrics.RequestFixture;
import llmload.model.Operator;
import llmload.model.Outcome;
import llmload.model.RequestKind;
import llmload.model.RequestRecord;
import llmload.model.RunManifest;
import llmload.model.Tags;

/** The run that docs/metrics.md works out by hand. */
final class ExampleRun {
  private ExampleRun() {}

  static RunManifest manifest() {
    return ManifestFixture.open(
        ManifestFixture.target("all", "ttft", "p99", Operator.LESS, 150),
        ManifestFixture.target("all", "e2e", "p99", Operator.AT_MOST, 500));
  }

  static List<RequestRecord> requests() {
    RequestRecord a =
        RequestFixture.stream(new int[] {100, 50, 50, 300}, new int[] {1, 1, 2, 1})
            .intended(0)
            .sent(1)
            .connected(2)
            .headers(50)
            .firstByte(60)
            .terminator(510)
            .end(511)
            .usage(10, 5)
            .cached(4)
            .schemaValid(true)
            .build();
    RequestRecord b =
        RequestFixture.stream(200, 80)
            .intended(1_000)
            .sent(1_003)
            .connected(4)
            .headers(70)
            .firstByte(80)
            .reasoning(200)
            .content(280)
            .terminator(300)
            .end(301)
            .usage(20, 2)
            .cached(0)
            .build();
    RequestRecord c =
        RequestFixture.stream(30)
            .intended(2_000)
            .sent(2_001)
            .connected(1)
            .headers(20)
            .firstByte(25)
            .terminator(35)
            .end(40)
            .usage(7, 1)
            .cached(0)
            .outcome(Outcome.SCHEMA, 200, "does not fit its schema")
            .schemaValid(false)
            .build();
    RequestRecord d =
        RequestFixture.stream(40)
            .intended(3_000)
            .sent(3_000)
            .connected(1)
            .headers(20)
            .firstByte(25)
            .end(1_999)
            .outcome(Outcome.INCOMPLETE, 200, null)
            .build();
    return List.of(a, b, c, d);
  }

  static List<RequestRecord> searches() {
    return List.of(search("1.0"), search("0.8"));
  }

  private static RequestRecord search(String recall) {
    return RequestFixture.chat(5)
        .name("retrieval")
        .kind(RequestKind.RETRIEVAL)
        .sent(100)
        .tag(Tags.RECALL, recall)
        .build();
  }
}
