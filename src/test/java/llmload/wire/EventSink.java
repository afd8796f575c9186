package llmload.wire;

/** Takes the events that a decoder cuts out of a body. */
interface EventSink {

  /**
   * One event. The bytes are valid during the call only.
   *
   * @param type the event's type, empty unless the server named one
   */
  void event(String type, byte[] bytes, int from, int to);

  /**
   * One event whose frame repeats the template with another text.
   *
   * @param from where its text begins: valid UTF-8 without escapes, not empty
   * @param chars the length of its text in UTF-16 units
   */
  void repeated(byte[] bytes, int from, int to, int chars);

  /** A line or an event is longer than the limit; nothing comes after it. */
  void tooLarge();

  /** Whether no more events are wanted. */
  boolean isClosed();
}
