package llmload.wire;

/** The words in which the frames of a stream say what they say. No state. */
interface FrameForm {
  /** OpenAI's, with llama.cpp's timings. */
  FrameForm OPENAI = FrameParser::new;

  /** Those of Ollama's own API. */
  FrameForm OLLAMA = OllamaFrameParser::new;

  /**
   * A parser into {@code frame}.
   *
   * @param wantText whether texts are needed and not only their lengths
   * @param wantPlace whether the place of a text in the bytes is needed
   */
  FrameParser parser(Frame frame, boolean wantText, boolean wantPlace);
}
