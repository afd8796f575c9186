package llmload.tokens;

import com.fasterxml.jackson.core.JsonEncoding;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.knuddels.jtokkit.Encodings;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The encoding {@code cl100k_base} as a {@code tokenizer.json}, so that Hugging Face's library cuts
 * a text into the very tokens that jtokkit does, and the two can be laid side by side.
 *
 * <p>The table is the one in jtokkit's jar: a token's bytes and its rank, which is its id. The
 * merges that such a file wants are the last step by which byte pair encoding makes each token of
 * two of lower rank.
 */
final class Cl100kFile {
  private static final String TABLE = "/com/knuddels/jtokkit/cl100k_base.tiktoken";

  /** How OpenAI's tiktoken cuts a text before it looks for tokens. */
  private static final String PIECES =
      "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}{1,3}"
          + "| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+";

  private static final JsonFactory JSON = new JsonFactory();

  /** Ranks by a token's bytes, each byte a character below 256. */
  private final Map<String, Integer> ranks;

  private Cl100kFile(Map<String, Integer> ranks) {
    this.ranks = ranks;
  }

  /**
   * Writes the file.
   *
   * @throws IOException if the table cannot be read or the file not be written
   */
  static void write(Path file) throws IOException {
    new Cl100kFile(table()).writeJson(file);
  }

  private static Map<String, Integer> table() throws IOException {
    Map<String, Integer> ranks = new LinkedHashMap<>();
    try (InputStream in = Encodings.class.getResourceAsStream(TABLE)) {
      if (in == null) {
        throw new IOException(TABLE + ": Expecting it in jtokkit's jar. Found: none.");
      }
      BufferedReader lines =
          new BufferedReader(new InputStreamReader(in, StandardCharsets.US_ASCII));
      String line = lines.readLine();
      while (line != null) {
        int space = line.indexOf(' ');
        if (space > 0) {
          byte[] bytes = Base64.getDecoder().decode(line.substring(0, space));
          ranks.put(
              new String(bytes, StandardCharsets.ISO_8859_1),
              Integer.parseInt(line.substring(space + 1).strip()));
        }
        line = lines.readLine();
      }
    }
    return ranks;
  }

  private void writeJson(Path file) throws IOException {
    try (JsonGenerator out = JSON.createGenerator(file.toFile(), JsonEncoding.UTF8)) {
      out.writeStartObject();
      out.writeStringField("version", "1.0");
      out.writeNullField("truncation");
      out.writeNullField("padding");
      out.writeArrayFieldStart("added_tokens");
      out.writeEndArray();
      out.writeNullField("normalizer");
      writeCutting(out);
      out.writeNullField("post_processor");
      out.writeObjectFieldStart("decoder");
      byteLevel(out);
      out.writeEndObject();
      writeModel(out);
      out.writeEndObject();
    }
  }

  private static void writeCutting(JsonGenerator out) throws IOException {
    out.writeObjectFieldStart("pre_tokenizer");
    out.writeStringField("type", "Sequence");
    out.writeArrayFieldStart("pretokenizers");
    out.writeStartObject();
    out.writeStringField("type", "Split");
    out.writeObjectFieldStart("pattern");
    out.writeStringField("Regex", PIECES);
    out.writeEndObject();
    out.writeStringField("behavior", "Isolated");
    out.writeBooleanField("invert", false);
    out.writeEndObject();
    out.writeStartObject();
    byteLevel(out);
    out.writeEndObject();
    out.writeEndArray();
    out.writeEndObject();
  }

  private static void byteLevel(JsonGenerator out) throws IOException {
    out.writeStringField("type", "ByteLevel");
    out.writeBooleanField("add_prefix_space", false);
    out.writeBooleanField("trim_offsets", true);
    out.writeBooleanField("use_regex", false);
  }

  private void writeModel(JsonGenerator out) throws IOException {
    out.writeObjectFieldStart("model");
    out.writeStringField("type", "BPE");
    out.writeNullField("dropout");
    out.writeNullField("unk_token");
    out.writeBooleanField("fuse_unk", false);
    out.writeBooleanField("byte_fallback", false);
    // A piece that is a token is that token, whatever the merges would make of it.
    out.writeBooleanField("ignore_merges", true);
    out.writeObjectFieldStart("vocab");
    for (Map.Entry<String, Integer> token : ranks.entrySet()) {
      out.writeNumberField(visible(token.getKey()), token.getValue());
    }
    out.writeEndObject();
    out.writeArrayFieldStart("merges");
    for (Map.Entry<String, Integer> token : ranks.entrySet()) {
      if (token.getKey().length() > 1) {
        List<String> parts = parts(token.getKey(), token.getValue());
        if (parts.size() == 2) {
          out.writeString(visible(parts.get(0)) + " " + visible(parts.get(1)));
        }
      }
    }
    out.writeEndArray();
    out.writeEndObject();
  }

  /** What byte pair encoding with the ranks below {@code limit} makes of a token. */
  private List<String> parts(String token, int limit) {
    List<String> parts = new ArrayList<>();
    for (int i = 0; i < token.length(); i++) {
      parts.add(token.substring(i, i + 1));
    }
    while (parts.size() > 2) {
      int best = -1;
      int bestRank = limit;
      for (int i = 0; i + 1 < parts.size(); i++) {
        int rank = ranks.getOrDefault(parts.get(i) + parts.get(i + 1), Integer.MAX_VALUE);
        if (rank < bestRank) {
          best = i;
          bestRank = rank;
        }
      }
      if (best < 0) {
        return parts;
      }
      parts.set(best, parts.get(best) + parts.remove(best + 1));
    }
    return parts;
  }

  /**
   * Bytes as the characters that GPT-2's byte-level encoding writes them with: printable ones as
   * they are, the others by their order from U+0100 on.
   */
  private static String visible(String bytes) {
    StringBuilder text = new StringBuilder(bytes.length());
    for (int i = 0; i < bytes.length(); i++) {
      text.append(visible(bytes.charAt(i)));
    }
    return text.toString();
  }

  private static char visible(char b) {
    if (isPrintable(b)) {
      return b;
    }
    int order = 0;
    for (char other = 0; other < b; other++) {
      order += isPrintable(other) ? 0 : 1;
    }
    return (char) (0x100 + order);
  }

  private static boolean isPrintable(char b) {
    return (b >= '!' && b <= '~') || (b >= 0xA1 && b <= 0xAC) || b >= 0xAE;
  }
}
