package llmload.testing;

import java.time.Duration;
import java.util.List;

/** Scripts of a server that answers every chat soundly, and lists one model. */
public final class ChatScripts {
  private ChatScripts() {}

  /** Three tokens, each after a pause of {@code gap}: the first after one, the last after three. */
  public static Script paced(Duration gap) {
    List<String> events = OpenAiFrames.stream("one", " two", " three");
    Step pause = Steps.pause(gap);
    return Script.always(
            Steps.sse(),
            Steps.chunk(events.get(0)),
            pause,
            Steps.chunk(events.get(1)),
            pause,
            Steps.chunk(events.get(2)),
            pause,
            Steps.chunk(events.get(3)),
            Steps.chunks(events.subList(4, events.size())),
            Steps.lastChunk())
        .answeringGets(Steps.json(200, OpenAiFrames.models("test-model")));
  }

  /** Tokens without end, one each {@code gap}, until the client leaves. */
  public static Script endless(Duration gap) {
    return Script.always(
            Steps.sse(),
            Steps.chunk(OpenAiFrames.role()),
            Steps.forever(Steps.chunk(OpenAiFrames.content("on ")), Steps.pause(gap)))
        .answeringGets(Steps.json(200, OpenAiFrames.models("test-model")));
  }
}
