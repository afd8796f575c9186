/**
 * Tokenizers: how many tokens a text has for a model.
 *
 * <p>Nothing is downloaded: encodings come with the library, a model's own {@code tokenizer.json}
 * comes from disk. May use: {@code config}, jtokkit, DJL's Hugging Face tokenizers.
 */
@NullMarked
package llmload.tokens;

import org.jspecify.annotations.NullMarked;
