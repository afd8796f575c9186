package llmload.run;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A program that stands for {@code nvidia-smi}: it knows the columns of a recording and prints the
 * recorded rows, each when it is told to.
 */
final class RecordedTool implements AutoCloseable {
  private static final DateTimeFormatter STAMP =
      DateTimeFormatter.ofPattern("yyyy/MM/dd HH:mm:ss.SSS", Locale.ROOT);

  private final Path program;
  private final Path pipe;
  private final List<String> lines;
  private @Nullable OutputStream out;

  /** The program in {@code folder} that prints {@code recording}, a header and rows. */
  RecordedTool(Path folder, String recording) throws IOException, InterruptedException {
    this.lines = recording.lines().toList();
    this.pipe = folder.resolve("rows");
    this.program = folder.resolve("nvidia-smi");
    int made = new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor();
    if (made != 0) {
      throw new IOException("no pipe at " + pipe);
    }
    StringBuilder help = new StringBuilder();
    for (String column : lines.get(0).split(", ", -1)) {
      help.append("echo '\"").append(column.replaceFirst(" \\[.*", "")).append("\"'\n");
    }
    Files.writeString(
        program,
        "#!/bin/sh\nif [ \"$1\" = --help-query-gpu ]; then\n%selse\n  exec cat '%s'\nfi\n"
            .formatted(help, pipe));
    Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwx------"));
  }

  String program() {
    return program.toString();
  }

  /** When each row was recorded, from the first one on. */
  long[] momentsNanos() {
    LocalDateTime first = stamp(lines.get(1));
    return lines.stream()
        .skip(1)
        .mapToLong(row -> Duration.between(first, stamp(row)).toNanos())
        .toArray();
  }

  private static LocalDateTime stamp(String row) {
    return LocalDateTime.parse(row.substring(0, row.indexOf(',')), STAMP);
  }

  /** Prints the row at that place; before the first one the header, as soon as the tool runs. */
  void print(int row) {
    try {
      OutputStream to = out;
      if (to == null) {
        // Waits for the program to begin.
        to = Files.newOutputStream(pipe);
        out = to;
        to.write((lines.get(0) + "\n").getBytes(StandardCharsets.UTF_8));
      }
      to.write((lines.get(row + 1) + "\n").getBytes(StandardCharsets.UTF_8));
      to.flush();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() throws IOException {
    OutputStream open = out;
    if (open != null) {
      open.close();
    }
  }
}
